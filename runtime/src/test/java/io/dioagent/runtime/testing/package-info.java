/** Helpers that the runtime's tests share. */
package io.dioagent.runtime.testing;
