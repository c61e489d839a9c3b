/** The request's state machine, and nothing else: no hook, no native call, no event. */
package io.dioagent.runtime.dio;
