package io.dioagent.runtime.behind;

import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import java.util.concurrent.TimeUnit;

/** What the writes behind which pages are dropped share on one device. Thread-safe. */
final class DeviceTrails {
  /** The part of the free memory that may be dirty: much for a burst, and little for neighbours. */
  private static final long SHARE = 16;

  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CallerCalls calls;
  private final DirtyBound bound = new DirtyBound(limitBytes());
  private final Flushes flushes;
  private volatile long lookedNanoTime = System.nanoTime();

  DeviceTrails(RuntimeContext runtime, Device device) {
    calls = new CallerCalls(runtime.watchdog());
    flushes = new Flushes(runtime, bound, device::executeSoon);
    loadClasses(device);
  }

  /**
   * Runs a task that does nothing, as flushes are run: a later write that starts a flush may have
   * too little stack to load the classes for that.
   */
  private static void loadClasses(Device device) {
    boolean unused =
        device.executeSoon(
            new Runnable() {
              @Override
              public void run() {}
            });
  }

  private static long limitBytes() {
    return Math.max(LEAST_BYTES, Math.min(FreeMemory.bytes() / SHARE, MOST_BYTES));
  }

  Flushes flushes() {
    return flushes;
  }

  CallerCalls calls() {
    return calls;
  }

  DirtyBound bound() {
    return bound;
  }

  /** Adapts the bound to the free memory from time to time. Called by threads that flush. */
  void adaptBound() {
    long now = System.nanoTime();
    if (now - lookedNanoTime > LOOK_NANOS) {
      lookedNanoTime = now;
      try {
        bound.limitTo(limitBytes());
      } catch (OutOfMemoryError e) {
        return; // The bound stays as it is.
      }
    }
  }
}
