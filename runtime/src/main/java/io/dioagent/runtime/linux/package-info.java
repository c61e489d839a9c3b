/**
 * System calls and the structs they take, without any decision of the runtime. Uses {@code api}.
 * Not exported.
 */
package io.dioagent.runtime.linux;
