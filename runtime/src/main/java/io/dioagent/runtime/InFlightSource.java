package io.dioagent.runtime;

import java.util.Collection;

/** What knows of operations that have begun and not ended. */
interface InFlightSource {
  /** Adds them. Any thread, at any time; must not block. */
  void addInFlight(Collection<InFlightRequest> all);
}
