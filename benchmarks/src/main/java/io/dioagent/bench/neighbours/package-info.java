/**
 * Measures the effect of a writer on a reader in the same control group, which share the page
 * cache.
 */
package io.dioagent.bench.neighbours;
