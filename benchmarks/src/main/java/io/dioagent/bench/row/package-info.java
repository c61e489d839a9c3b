/** The rows of the table, each comparing one thing of ours with one peer. */
package io.dioagent.bench.row;
