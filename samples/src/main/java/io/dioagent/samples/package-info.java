/**
 * Applications to run under the agent, and what looks at them from outside.
 *
 * <p>{@link io.dioagent.samples.H2App}, {@link io.dioagent.samples.LuceneApp} and {@link
 * io.dioagent.samples.PlainWriter} know nothing of the agent or the runtime.
 */
package io.dioagent.samples;
