package io.dioagent.agent.live;

import io.dioagent.runtime.api.RequestInfo;

/**
 * Anomalies that wait for their line in the log: the first of each kind and file at once, further
 * ones counted, and added up in one line after a while. Bounded, allocates nothing after its
 * making, and holds its monitor for some comparisons only. Thread-safe.
 */
final class AnomalyTable {
  /**
   * Limits the pairs of kind and file that are kept apart. Further ones are counted by kind, and
   * share a line.
   */
  static final int PLACES = 64;

  private final long quietNanos;
  private final Place[] places = new Place[PLACES + Anomaly.KINDS];

  private static final class Place {
    final Anomaly anomaly = new Anomaly();
    boolean due;
    boolean written;
    long quietUntilNanoTime;
  }

  /**
   * Makes an empty table.
   *
   * @param quietNanos least time between two lines of one kind and file
   */
  AnomalyTable(long quietNanos) {
    this.quietNanos = quietNanos;
    for (int i = 0; i < places.length; i++) {
      places[i] = new Place();
    }
  }

  /** Adds an anomaly; its values that the kind does not have are 0, false or null. */
  synchronized void add(
      int kind,
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      long result,
      boolean delivered,
      String reason,
      long nowNanoTime) {
    Place place = placeOf(kind, request.path(), nowNanoTime);
    Anomaly anomaly = place.anomaly;
    if (place.due) {
      anomaly.more++; // The line is about the first one.
      return;
    }
    anomaly.requestId = request.requestId();
    anomaly.offset = request.offset();
    anomaly.lengthBytes = request.lengthBytes();
    anomaly.ageNanos = ageNanos;
    anomaly.deadlineNanos = deadlineNanos;
    anomaly.result = result;
    anomaly.delivered = delivered;
    anomaly.reason = reason;
    place.due = true;
  }

  private Place placeOf(int kind, String path, long nowNanoTime) {
    Place free = null;
    for (int i = 0; i < PLACES; i++) {
      Place place = places[i];
      if (place.anomaly.path == null) {
        free = free == null ? place : free;
      } else if (place.anomaly.kind == kind && place.anomaly.path.equals(path)) {
        return place;
      } else if (!place.due && place.quietUntilNanoTime - nowNanoTime <= 0) {
        place.anomaly.path = null;
        free = free == null ? place : free;
      }
    }
    boolean isOther = free == null;
    Place place = isOther ? places[PLACES + kind] : free;
    if (place.anomaly.path == null) {
      place.written = false;
      place.anomaly.more = 0;
    }
    place.anomaly.kind = kind;
    place.anomaly.severalFiles = isOther;
    if (!place.due) {
      place.anomaly.path = path;
    }
    return place;
  }

  /**
   * Takes an anomaly whose line is to be written now.
   *
   * @param all whether to take also those whose line would come too soon after the last
   * @return false if there is none
   */
  synchronized boolean take(Anomaly into, boolean all, long nowNanoTime) {
    for (Place place : places) {
      if (place.due && (all || waitNanos(place, nowNanoTime) <= 0)) {
        boolean taken = place.anomaly.copyTo(into);
        place.due = false;
        place.written = true;
        place.quietUntilNanoTime = nowNanoTime + quietNanos;
        place.anomaly.more = 0;
        return taken;
      }
    }
    return false;
  }

  /** Returns when the next line is to be written: 0 for now, {@code Long.MAX_VALUE} for none. */
  synchronized long nextNanos(long nowNanoTime) {
    long next = Long.MAX_VALUE;
    for (Place place : places) {
      if (place.due) {
        next = Math.min(next, Math.max(0, waitNanos(place, nowNanoTime)));
      }
    }
    return next;
  }

  private static long waitNanos(Place place, long nowNanoTime) {
    return place.written ? place.quietUntilNanoTime - nowNanoTime : 0;
  }
}
