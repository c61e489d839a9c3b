/** What a writer does to a reader that shares its memory: the page cache of a control group. */
package io.dioagent.bench.neighbours;
