package io.dioagent.samples.stress;

import java.util.HashMap;
import java.util.Map;

/**
 * The requests that one thread has issued and that have not ended: aio-stress' own account, apart
 * from the runtime's. Not thread-safe.
 */
final class Outstanding {
  private final Map<Long, Request> requests = new HashMap<>();
  private long lastUserData;

  /**
   * A request.
   *
   * @param slot whose memory it uses
   * @param record by the thread's own count
   */
  record Request(int slot, int record, long version, long startNanoTime) {}

  /** Takes a request in; the answer is the user data to issue it with, never given before. */
  long issue(Request request) {
    requests.put(++lastUserData, request);
    return lastUserData;
  }

  /** Ends a request; null if it ended before, or never was. */
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
