/**
 * Rules of JMC's automated analysis, one class for each defect that a recording can show. {@code
 * DioRule} is their base class. {@code EventKind} and {@code Fields} name the events and fields
 * that they read, because JMC does not have the event classes. Rules are stateless, and several
 * threads may evaluate them at once.
 */
package io.dioagent.jmc.rules;
