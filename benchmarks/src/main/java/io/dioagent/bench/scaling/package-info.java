/** What a write costs as channels, threads, sizes, depths and files grow. */
package io.dioagent.bench.scaling;
