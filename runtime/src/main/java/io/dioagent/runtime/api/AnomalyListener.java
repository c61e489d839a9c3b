package io.dioagent.runtime.api;

/**
 * Is told at once of what events tell, too. Called by any thread of the runtime's; must not block.
 */
public interface AnomalyListener {
  /** A request did not end by its deadline. */
  void lost(RequestInfo request, long ageNanos, String reason);

  /** A completion was dropped, as its I/O had ended already. */
  void duplicate(RequestInfo request, long ageNanos, String reason);
}
