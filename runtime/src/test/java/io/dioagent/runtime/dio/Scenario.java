package io.dioagent.runtime.dio;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One small history of a request, to be run in every order: the submitter queues the I/Os one after
 * the other, tells the pending errors, and drops its count; each I/O that was taken may end at any
 * time after it was queued; expire and cancel may come at any time.
 *
 * @param ios what becomes of each I/O, in the order of submission
 * @param pendingErrors how many errors the submitter finds after submission
 * @param others who else there is
 * @param edges whether others may also come after each release of the lock, not only before each
 *     taking of it
 */
public record Scenario(List<Fate> ios, int pendingErrors, Set<Other> others, boolean edges) {
  static final long IO_BYTES = 4096;
  static final long SHORT_BYTES = 512;
  private static final int FIRST_PENDING_ERRNO = 100;

  /** What becomes of an I/O. */
  public enum Fate {
    OK,
    SHORT,
    /** Ends with an errno of its own, by its place. */
    ERROR,
    /** The kernel does not take it. */
    REFUSED,
    /** The kernel does not take it, and the submitter writes it buffered. */
    BUFFERED
  }

  /** What else happens to the request. */
  public enum Other {
    /** A third thread finds the deadline passed. */
    EXPIRE,
    /** A third thread cancels. */
    CANCEL,
    /** The submitter itself finds the deadline passed, before its drop. */
    SUBMITTER_EXPIRES,
    /** The submitter waits for what it queued, and does it all once more with one more I/O. */
    LAUNDER
  }

  public static Scenario of(List<Fate> ios, int pendingErrors, Other... others) {
    Set<Other> set = EnumSet.noneOf(Other.class);
    set.addAll(List.of(others));
    return new Scenario(ios, pendingErrors, set, false);
  }

  Scenario withEdges() {
    return new Scenario(ios, pendingErrors, others, true);
  }

  boolean has(Other other) {
    return others.contains(other);
  }

  /** How an I/O that was taken ends: bytes, or a negative errno. */
  long resultOf(int io) {
    if (io == ios.size()) {
      return IO_BYTES;
    }
    return switch (ios.get(io)) {
      case SHORT -> SHORT_BYTES;
      case ERROR -> -(io + 5);
      default -> IO_BYTES;
    };
  }

  static int pendingErrno(int index) {
    return FIRST_PENDING_ERRNO + index;
  }

  /** All lists of a length of some fates. */
  static List<List<Fate>> allFates(int length, Fate... fates) {
    List<List<Fate>> all = new ArrayList<>();
    all.add(List.of());
    for (int i = 0; i < length; i++) {
      List<List<Fate>> longer = new ArrayList<>();
      for (List<Fate> one : all) {
        for (Fate fate : fates) {
          List<Fate> next = new ArrayList<>(one);
          next.add(fate);
          longer.add(next);
        }
      }
      all = longer;
    }
    return all;
  }

  @Override
  public String toString() {
    return ios + ", pending errors " + pendingErrors + ", " + others + (edges ? ", edges" : "");
  }
}
