/** Measures the cost of a write as channels, threads, sizes, depths and files grow. */
package io.dioagent.bench.scaling;
