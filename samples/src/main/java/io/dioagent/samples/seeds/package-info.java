/**
 * A sample for each defect that the four kernel patches of the seeds fixed, broken and fixed, on a
 * real file with real AIO. The broken behaviour is in this package and in the completion policies
 * of the runtime's tests; the runtime has none of it.
 */
package io.dioagent.samples.seeds;
