/**
 * The cut of a write into parts, with the progress and the result of these. Uses {@code api} and
 * {@code memory}. Not exported.
 */
package io.dioagent.runtime.plan;
