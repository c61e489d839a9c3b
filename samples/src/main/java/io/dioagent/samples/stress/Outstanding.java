package io.dioagent.samples.stress;

import java.util.HashMap;
import java.util.Map;

/**
 * The issued requests of one thread that have not ended, independent of the runtime's ledger. Not
 * thread-safe.
 */
final class Outstanding {
  private final Map<Long, Request> requests = new HashMap<>();
  private long lastUserData;

  /**
   * A request.
   *
   * @param slot the slot of its memory
   * @param record the record, numbered within the thread
   */
  record Request(int slot, int record, long version, long startNanoTime) {}

  /** Adds a request; returns unique user data to issue it with. */
  long issue(Request request) {
    requests.put(++lastUserData, request);
    return lastUserData;
  }

  /** Removes a request; returns null if it has ended before or was never issued. */
  Request end(long userData) {
    return requests.remove(userData);
  }

  boolean wasIssued(long userData) {
    return userData >= 1 && userData <= lastUserData;
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }
}
