package io.dioagent.agent.hook;

import io.dioagent.runtime.LockCall;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Lock calls that are under way. Each is begun and ended by the same thread, and a thread has at
 * most one. Thread-safe.
 */
final class LockCalls {
  private final ConcurrentMap<Thread, LockCall> underWay = new ConcurrentHashMap<>();

  /** Begins a call of the calling thread; null for none. */
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

  /** Ends the call that the calling thread began, if any. */
  void end() {
    LockCall ended = underWay.isEmpty() ? null : underWay.remove(Thread.currentThread());
    if (ended != null) {
      ended.close();
    }
  }
}
