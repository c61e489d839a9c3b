/**
 * A sample for every defect that the four kernel patches of the seeds took out: each shown broken
 * and fixed, on a real file by real AIO. The broken behaviour lives here and in the completion
 * policies of the runtime's tests; the runtime has none of it.
 */
package io.dioagent.samples.seeds;
