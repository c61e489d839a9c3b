/** Tests the report of a run with one anomaly of each kind. */
package io.dioagent.samples.report;
