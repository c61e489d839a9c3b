/** Side-by-side measurements: one run, one table of ratios. */
package io.dioagent.bench;
