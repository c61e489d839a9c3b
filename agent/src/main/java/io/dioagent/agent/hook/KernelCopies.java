package io.dioagent.agent.hook;

import io.dioagent.runtime.api.Observation;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import sun.nio.ch.DioHook;

/**
 * What the kernel copies from file to file, under observation: begun and ended by the same thread,
 * of which each does one at a time.
 *
 * <p>Thread-safe.
 */
final class KernelCopies {
  /** EIO, negative: told of what threw, for the JDK keeps only strerror's text. */
  private static final long MINUS_EIO = -5;

  private final ConcurrentMap<Thread, Observation> underWay = new ConcurrentHashMap<>();

  /** The calling thread begins one; null for nothing. */
  void begin(Observation observation) {
    if (observation != null) {
      underWay.put(Thread.currentThread(), observation);
    }
  }

  /**
   * What the calling thread began, if it did, has ended.
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
