package io.dioagent.agent.hook;

import io.dioagent.runtime.api.Observation;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import sun.nio.ch.DioHook;

/**
 * Observed copies from file to file by the kernel. Each is begun and ended by the same thread, and
 * a thread has at most one.
 *
 * <p>Thread-safe.
 */
final class KernelCopies {
  /** EIO, negative: recorded for a copy that threw, because the JDK keeps only strerror's text. */
  private static final long MINUS_EIO = -5;

  private final ConcurrentMap<Thread, Observation> underWay = new ConcurrentHashMap<>();

  /** Begins a copy of the calling thread; null for none. */
  void begin(Observation observation) {
    if (observation != null) {
      underWay.put(Thread.currentThread(), observation);
    }
  }

  /**
   * Ends the copy that the calling thread began, if any.
   *
   * @param result bytes, an IOStatus, or {@code DioHook.FAILED}
   */
  void end(long result) {
    Observation ended = underWay.isEmpty() ? null : underWay.remove(Thread.currentThread());
    if (ended != null) {
      ended.end(result == DioHook.FAILED ? MINUS_EIO : Math.max(0, result));
    }
  }
}
