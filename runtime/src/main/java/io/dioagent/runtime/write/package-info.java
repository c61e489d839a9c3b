/**
 * Writes whose caller waits, and the transfer of a write's parts that all kinds of writes share.
 * Uses {@code file} and all packages below it, except {@code fault}. Not exported.
 */
package io.dioagent.runtime.write;
