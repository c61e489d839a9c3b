/** System calls and the structs they take, with no decision of the runtime's in them. */
package io.dioagent.runtime.linux;
