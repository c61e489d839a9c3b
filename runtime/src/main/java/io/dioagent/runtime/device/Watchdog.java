package io.dioagent.runtime.device;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.engine.Daemons;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after operations that no thread waits for: requests whose caller was released with I/Os in
 * flight, and operations under observation. Uses one daemon thread, separate from all threads that
 * reap for themselves. The thread survives everything that is thrown in it.
 */
public final class Watchdog {
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** One operation to look after. */
  public interface Ward {
    /**
     * Checks the operation. Called by the watchdog's thread, repeatedly; must not block.
     *
     * @return true if there is nothing to look after any more
     */
    boolean check();
  }

  /** A ward that is an operation which no lane shows. */
  public interface Operation extends Ward, InFlightSource {}

  /**
   * A ward that is added without allocating: it ends a request even with a full heap. It stays
   * until it is done, even if a check throws. Added once.
   */
  public abstract static class LinkedWard implements Ward {
    private LinkedWard next;
  }

  /** Added, and not yet seen by the thread: linked, the last one first. */
  private final AtomicReference<LinkedWard> added = new AtomicReference<>();

  /** Linked; written only by the watchdog's thread. */
  private volatile LinkedWard requests;

  private final Set<Ward> wards = ConcurrentHashMap.newKeySet();
  private final Thread thread = Daemons.of(new Round(), "dio-watchdog");
  private volatile boolean closed;

  /**
   * Written before the wards are checked, read after one was added: so one of the two threads sees
   * the other's write.
   */
  private volatile boolean idle;

  Watchdog() {
    thread.start();
  }

  /** Returns how long the watchdog currently rests between two rounds. */
  public long restNanos() {
    return wards.size() > 64 ? IDLE_NANOS : BUSY_NANOS;
  }

  /** Looks after an operation until it is done. Any thread. */
  public void add(Ward ward) {
    wards.add(ward);
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  /** Looks after a request until it is done. Any thread; allocates nothing. */
  public void addLinked(LinkedWard request) {
    do {
      request.next = added.get();
    } while (!added.compareAndSet(request.next, request));
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  /** Stops looking after an operation. Any thread. */
  public void remove(Ward ward) {
    wards.remove(ward);
  }

  /** Adds the wards that are operations. Any thread. */
  void addInFlight(Collection<InFlightRequest> all) {
    for (Ward ward : wards) {
      if (ward instanceof Operation operation) {
        operation.addInFlight(all);
      }
    }
  }

  /** No lambda, because it is started before main. */
  private final class Round implements Runnable {
    @Override
    public void run() {
      while (!isOver()) {
        try {
          watch();
        } catch (RuntimeException | Error e) {
          // Mostly a full heap. The thread stays, because requests end by it alone.
          rest(e);
        }
      }
    }
  }

  /**
   * Rests after a failure. Even the report of what was thrown may lack memory, such as for a class.
   */
  private void rest(Throwable thrown) {
    try {
      LockSupport.parkNanos(this, BUSY_NANOS);
      Defects.log(Defects.At.WATCHDOG, null, thrown);
    } catch (RuntimeException | Error e) {
      return;
    }
  }

  private boolean isOver() {
    return closed && hasNone();
  }

  private boolean hasNone() {
    return wards.isEmpty() && requests == null && added.get() == null;
  }

  private void watch() {
    while (!isOver()) {
      idle = true;
      if (hasNone() && !closed) {
        LockSupport.park(this);
        continue;
      }
      idle = false;
      takeAdded();
      lookAtRequests();
      lookAtWards();
      LockSupport.parkNanos(this, restNanos());
    }
  }

  private void takeAdded() {
    for (LinkedWard one = added.getAndSet(null); one != null; ) {
      LinkedWard following = one.next;
      one.next = requests;
      requests = one;
      one = following;
    }
  }

  private void lookAtRequests() {
    LinkedWard before = null;
    for (LinkedWard one = requests; one != null; one = one.next) {
      if (!isDone(one)) {
        before = one;
      } else if (before == null) {
        requests = one.next;
      } else {
        before.next = one.next;
      }
    }
  }

  private static boolean isDone(LinkedWard request) {
    try {
      return request.check();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LOOK, request, e);
      return false; // Checked again in the next round.
    }
  }

  private void lookAtWards() {
    for (Iterator<Ward> all = wards.iterator(); all.hasNext(); ) {
      Ward ward = all.next();
      try {
        if (ward.check()) {
          all.remove();
        }
      } catch (RuntimeException | Error e) {
        // One ward's defect must not leave the others without a watchdog.
        if (!Defects.isOfJvm(e)) {
          all.remove();
          Defects.log(Defects.At.LOOK, ward, e);
        }
      }
    }
  }

  /** Ends the thread as soon as there is nothing to look after any more. */
  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
