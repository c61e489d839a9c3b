/**
 * Faults on request: an engine in front of the real one that behaves like a failing device, a
 * kernel that loses completions, or a full ring. Active only if asked for. Uses {@code api}, {@code
 * linux} and {@code engine}. Exported.
 */
package io.dioagent.runtime.fault;
