package io.dioagent.runtime.device;

import io.dioagent.runtime.api.RequestInfo;

/**
 * The I/Os in flight on one lane, by never-reused id. Finds duplicates, and completions that were
 * never issued.
 *
 * <pre>
 * id   63      48 47                        10 9       0
 *      [  lane   ][        generation          ][ slot  ]     goes into the iocb's aio_data
 *
 * completion with            is
 * this lane, slot in flight, its generation    the one completion
 * this lane, a generation issued before        a duplicate (or late for a slot given up)
 * anything else                                unknown: never issued
 * </pre>
 *
 * <p>An id has the lowest 16 bits of its lane's number. They suffice, because a context completes
 * only its own I/Os.
 *
 * <p>Guarded by its monitor: the submitting and the reaping thread may be two.
 */
public final class Ledger {
  private static final int LANE_SHIFT = 48;
  private static final long LANE_MASK = 0xffff;
  private static final int GENERATION_SHIFT = 10;
  public static final int MAX_SLOTS = 1 << GENERATION_SHIFT;
  private static final long GENERATION_MASK = (1L << (LANE_SHIFT - GENERATION_SHIFT)) - 1;

  private final long lane;
  private final Anomalies anomalies;
  private final Io[] inFlight;

  /** The newest generation issued in a slot; 0 if there was none. */
  private final long[] generations;

  // The request of the I/O last issued in a slot, reported with a duplicate.
  private final RequestInfo[] lastRequests;
  private final long[] lastNanoTimes;

  /** Thread ids: a thread that has ended must not be kept from the garbage collector. */
  private final long[] lastThreadIds;

  private final int[] freeSlots;
  private int freeCount;

  /**
   * An I/O that was issued.
   *
   * @param submitterThreadId id of the thread that issued it
   */
  record Issued(RequestInfo request, long ageNanos, long submitterThreadId) {}

  /** Receives completions that match no I/O in flight. */
  interface Anomalies {
    /**
     * A completion came for an I/O that had ended.
     *
     * @param issued the I/O; null if its slot has been reused
     */
    void duplicate(Issued issued, long id, long result);

    /** A completion came for an id that was never issued. */
    void unknown(long id, long result);
  }

  Ledger(int lane, int slots, Anomalies anomalies) {
    if (slots < 1 || slots > MAX_SLOTS) {
      throw new IllegalArgumentException("slots is " + slots + ", expected 1 to " + MAX_SLOTS);
    }
    this.lane = lane & LANE_MASK;
    this.anomalies = anomalies;
    inFlight = new Io[slots];
    generations = new long[slots];
    lastRequests = new RequestInfo[slots];
    lastNanoTimes = new long[slots];
    lastThreadIds = new long[slots];
    freeSlots = new int[slots];
    for (int i = 0; i < slots; i++) {
      freeSlots[i] = slots - 1 - i;
    }
    freeCount = slots;
  }

  static int slotOf(long id) {
    return (int) id & MAX_SLOTS - 1;
  }

  private static long generationOf(long id) {
    return id >>> GENERATION_SHIFT & GENERATION_MASK;
  }

  /**
   * Takes a slot for an I/O.
   *
   * @return its id
   * @throws IllegalStateException if all slots are taken
   */
  synchronized long issue(Io io) {
    if (freeCount == 0) {
      throw new IllegalStateException(
          "all " + inFlight.length + " slots of lane " + lane + " are in flight");
    }
    int slot = freeSlots[--freeCount];
    if (generations[slot] == GENERATION_MASK) {
      throw new IllegalStateException("lane " + lane + " has used up the ids of slot " + slot);
    }
    generations[slot]++;
    inFlight[slot] = io;
    lastRequests[slot] = io.request();
    lastNanoTimes[slot] = System.nanoTime();
    lastThreadIds[slot] = Thread.currentThread().getId();
    return lane << LANE_SHIFT | generations[slot] << GENERATION_SHIFT | slot;
  }

  /**
   * Ends an I/O.
   *
   * @return the I/O that this is the one completion of; null if there is none, which has been
   *     reported
   */
  Io end(long id, long result) {
    Issued known;
    boolean issued;
    synchronized (this) {
      int slot = slotOf(id);
      long generation = generationOf(id);
      boolean here = id >>> LANE_SHIFT == lane && slot < inFlight.length;
      issued = here && generation > 0 && generation <= generations[slot];
      boolean newest = issued && generation == generations[slot];
      if (newest && inFlight[slot] != null) {
        Io io = inFlight[slot];
        inFlight[slot] = null;
        freeSlots[freeCount++] = slot;
        return io;
      }
      known = newest ? lastIssued(slot) : null;
    }
    if (issued) {
      anomalies.duplicate(known, id, result);
    } else {
      anomalies.unknown(id, result);
    }
    return null;
  }

  /** Returns the I/O last issued in a slot. The caller holds the monitor. */
  private Issued lastIssued(int slot) {
    long ageNanos = System.nanoTime() - lastNanoTimes[slot];
    return new Issued(lastRequests[slot], ageNanos, lastThreadIds[slot]);
  }

  /** Returns how many more can be issued. */
  synchronized int freeCount() {
    return freeCount;
  }

  synchronized int inFlightCount() {
    return inFlight.length - freeCount;
  }
}
