package io.dioagent.runtime.dio;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One small history of a request, to be run in every order. The submitter queues the I/Os one after
 * the other, records the pending errors, and drops its count. Each accepted I/O may end at any time
 * after it was queued; expire and cancel may come at any time.
 *
 * @param ios the fate of each I/O, in the order of submission
 * @param pendingErrors how many errors the submitter finds after submission
 * @param others further events of the request
 * @param edges whether other actors may also come after each release of the lock, not only before
 *     each acquisition
 */
public record Scenario(List<Fate> ios, int pendingErrors, Set<Other> others, boolean edges) {
  static final long IO_BYTES = 4096;
  static final long SHORT_BYTES = 512;
  private static final int FIRST_PENDING_ERRNO = 100;

  /** The fate of an I/O. */
  public enum Fate {
    OK,
    SHORT,
    /** Ends with its own errno, by its place. */
    ERROR,
    /** The kernel refuses it. */
    REFUSED,
    /** The kernel refuses it, and the submitter writes it buffered. */
    BUFFERED
  }

  /** Further events of the request. */
  public enum Other {
    /** A third thread finds the deadline passed. */
    EXPIRE,
    /** A third thread cancels. */
    CANCEL,
    /** The submitter itself finds the deadline passed, before its drop. */
    SUBMITTER_EXPIRES,
    /** The submitter waits for all queued I/Os, and repeats them with one more I/O. */
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

  /** Returns the result of an accepted I/O: bytes, or a negative errno. */
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

  /** Returns all lists of a length of some fates. */
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
