package io.dioagent.agent.hook;

import io.dioagent.runtime.LockCall;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Calls for locks that are under way: begun and ended by the same thread, of which each does one at
 * a time. Thread-safe.
 */
final class LockCalls {
  private final ConcurrentMap<Thread, LockCall> underWay = new ConcurrentHashMap<>();

  /** The calling thread begins one; null for nothing. */
  void begin(LockCall call) {
    if (call == null) {
      return;
    }
    boolean begun = false;
    try {
      underWay.put(Thread.currentThread(), call);
      begun = true;
    } finally {
      if (!begun) {
        call.close();
      }
    }
  }

  /** What the calling thread began, if it did, has ended. */
  void end() {
    LockCall ended = underWay.isEmpty() ? null : underWay.remove(Thread.currentThread());
    if (ended != null) {
      ended.close();
    }
  }
}
