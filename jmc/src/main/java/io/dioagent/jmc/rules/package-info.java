/**
 * Rules of JMC's automated analysis, one class for each defect that a recording can show. {@code
 * DioRule} is what they share; what they read is in {@code EventKind} and {@code Fields}, by name,
 * for in JMC there are no event classes of ours. Rules are stateless, and may be evaluated by
 * several threads at once.
 */
package io.dioagent.jmc.rules;
