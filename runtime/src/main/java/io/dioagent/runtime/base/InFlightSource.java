package io.dioagent.runtime.base;

import io.dioagent.runtime.api.InFlightRequest;
import java.util.Collection;

/** Lists operations that have begun and not ended. */
public interface InFlightSource {
  /** Adds the operations. Called by any thread, at any time; must not block. */
  void addInFlight(Collection<InFlightRequest> all);
}
