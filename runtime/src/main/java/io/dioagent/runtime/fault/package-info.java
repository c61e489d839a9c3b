/**
 * Faults on request: an engine in front of the real one that answers what a failing device, a
 * losing kernel or a full ring would. Off unless asked for.
 */
package io.dioagent.runtime.fault;
