package io.dioagent.runtime.api;

/**
 * Notified of anomalies at once, besides the events. Called by any thread of the runtime; must not
 * block.
 */
public interface AnomalyListener {
  /** A request did not end by its deadline. */
  void lost(RequestInfo request, long ageNanos, String reason);

  /** A completion was dropped because its I/O had ended already. */
  void duplicate(RequestInfo request, long ageNanos, String reason);
}
