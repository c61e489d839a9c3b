/**
 * Small means without knowledge of files or devices: deadlines, permits, waits, striped counts, and
 * failures prepared for a full heap. Uses {@code api}. Not exported.
 */
package io.dioagent.runtime.base;
