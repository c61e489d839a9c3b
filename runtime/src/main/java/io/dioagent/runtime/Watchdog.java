package io.dioagent.runtime;

import io.dioagent.runtime.aio.Daemons;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after what nobody waits for: requests whose caller was released with I/Os in flight, and
 * operations under observation. One daemon thread, apart from all that reap for themselves.
 */
final class Watchdog {
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Something to look after. */
  interface Ward {
    /**
     * Called by the watchdog's thread, again and again; must not block.
     *
     * @return true when there is nothing to look after any more
     */
    boolean check();
  }

  private final Set<Ward> wards = ConcurrentHashMap.newKeySet();
  private final Thread thread = Daemons.of(new Round(), "dio-watchdog");
  private volatile boolean closed;

  /** Written before the wards are looked at, read after one was added: one of the two sees. */
  private volatile boolean idle;

  Watchdog() {
    thread.start();
  }

  /** How long it rests between two rounds now. */
  long restNanos() {
    return wards.size() > 64 ? IDLE_NANOS : BUSY_NANOS;
  }

  /** Looks after something until it says it is done. Any thread. */
  void add(Ward ward) {
    wards.add(ward);
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  /** Any thread. */
  void remove(Ward ward) {
    wards.remove(ward);
  }

  /** Adds the operations under observation; of all else somebody else knows. Any thread. */
  void addObserved(Collection<InFlightRequest> all) {
    for (Ward ward : wards) {
      if (ward instanceof Observed observed) {
        observed.addInFlight(all);
      }
    }
  }

  /** No lambda: it is started before main. */
  private final class Round implements Runnable {
    @Override
    public void run() {
      watch();
    }
  }

  private void watch() {
    while (!closed || !wards.isEmpty()) {
      idle = true;
      if (wards.isEmpty() && !closed) {
        LockSupport.park(this);
        continue;
      }
      idle = false;
      for (Iterator<Ward> all = wards.iterator(); all.hasNext(); ) {
        try {
          if (all.next().check()) {
            all.remove();
          }
        } catch (RuntimeException | Error e) {
          // One ward's defect must not leave the others without a watchdog.
          all.remove();
          System.err.println("[dio-agent] watchdog: " + e);
        }
      }
      LockSupport.parkNanos(this, restNanos());
    }
  }

  /** Ends the thread, once there is nothing to look after any more. */
  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
