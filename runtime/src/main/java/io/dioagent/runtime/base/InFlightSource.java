package io.dioagent.runtime.base;

import io.dioagent.runtime.api.InFlightRequest;
import java.util.Collection;

/** What knows of operations that have begun and not ended. */
public interface InFlightSource {
  /** Adds them. Any thread, at any time; must not block. */
  void addInFlight(Collection<InFlightRequest> all);
}
