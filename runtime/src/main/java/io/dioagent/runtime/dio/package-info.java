/**
 * The request's state machine alone, without hooks, native calls or events. Uses no other package.
 * Not exported.
 */
package io.dioagent.runtime.dio;
