/**
 * Applications to run under the agent, and tools to inspect their files and recordings.
 *
 * <p>{@link io.dioagent.samples.H2App}, {@link io.dioagent.samples.LuceneApp} and {@link
 * io.dioagent.samples.PlainWriter} do not use the agent or the runtime.
 */
package io.dioagent.samples;
