/**
 * The fault suite: real device faults under the runtime and, through the agent, under an unmodified
 * application. Needs root; run by {@code mvn -B verify -Pfaults}.
 */
package io.dioagent.samples.faults;
