package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The writes that callers are making themselves on one device, so that the watchdog finds those
 * that hang. A write takes a place by one CAS, mostly the same for one thread. Thread-safe.
 */
final class CallerCalls {
  private static final int FIRST_PLACES = 64;

  /** Rounds of the watchdog without a write, after which it is not woken for nothing any more. */
  private static final int IDLE_ROUNDS = 50;

  private final Watchdog watchdog;
  private final AtomicBoolean watched = new AtomicBoolean();

  /** A power of two of them; grows under the monitor. */
  private volatile CallerCall[] places = newPlaces(new CallerCall[0], FIRST_PLACES);

  CallerCalls(Watchdog watchdog) {
    this.watchdog = watchdog;
  }

  private static CallerCall[] newPlaces(CallerCall[] before, int count) {
    CallerCall[] all = Arrays.copyOf(before, count);
    for (int i = before.length; i < count; i++) {
      all[i] = new CallerCall();
    }
    return all;
  }

  /**
   * Takes a place for a write of the calling thread.
   *
   * @return to be left when the write has returned
   */
  CallerCall enter(FileContext file, long offset, long lengthBytes) {
    CallerCall place = taken(file, offset, lengthBytes);
    if (!watched.get()) { // Once there is a write to look after.
      watch(place);
    }
    return place;
  }

  private CallerCall taken(FileContext file, long offset, long lengthBytes) {
    while (true) {
      CallerCall[] all = places;
      int first = System.identityHashCode(Thread.currentThread());
      for (int i = 0; i < all.length; i++) {
        CallerCall place = all[(first + i) & (all.length - 1)];
        if (place.enter(file, offset, lengthBytes)) {
          return place;
        }
      }
      grow(all);
    }
  }

  private synchronized void grow(CallerCall[] full) {
    if (places == full) {
      places = newPlaces(full, 2 * full.length);
    }
  }

  private void watch(CallerCall place) {
    if (!watched.compareAndSet(false, true)) {
      return;
    }
    boolean added = false;
    try {
      watchdog.add(new Look());
      added = true;
    } finally {
      if (!added) {
        watched.set(false);
        place.leave(0); // Nothing was written.
      }
    }
  }

  /** Whether no write is under way. */
  boolean areFree() {
    for (CallerCall place : places) {
      if (!place.isFree()) {
        return false;
      }
    }
    return true;
  }

  private boolean checkAll() {
    boolean any = false;
    for (CallerCall place : places) {
      any |= place.check();
    }
    return any;
  }

  /** Looks after the places in the watchdog's rounds, until there has been no write for a while. */
  private final class Look implements Watchdog.Operation {
    private int idleRounds;

    @Override
    public boolean check() {
      idleRounds = checkAll() ? 0 : idleRounds + 1;
      if (idleRounds < IDLE_ROUNDS) {
        return false;
      }
      watched.set(false);
      // A write that began just before does not know; one that begins from now on adds a new look.
      return !checkAll() || !watched.compareAndSet(false, true);
    }

    @Override
    public void addInFlight(Collection<InFlightRequest> all) {
      for (CallerCall place : places) {
        InFlightRequest row = place.inFlight();
        if (row != null) {
          all.add(row);
        }
      }
    }
  }
}
