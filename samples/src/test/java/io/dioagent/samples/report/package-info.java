/** The report of a run in which everything went wrong once. */
package io.dioagent.samples.report;
