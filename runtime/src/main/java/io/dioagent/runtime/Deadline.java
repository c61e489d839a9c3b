package io.dioagent.runtime;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * The deadline of a file's operations: who waits until then for what they need to start, and what
 * is told of those that have not come so far. Thread-safe.
 */
final class Deadline {
  private final DirectFile file;

  Deadline(DirectFile file) {
    this.file = file;
  }

  /** What a request waits for that has not got its pages. */
  static final String CLAIM = "an earlier write of the same pages";

  /** Takes something, waiting until a point in time; null if the time came first. */
  interface Waiting<T> {
    T until(long nanoTime);
  }

  /**
   * Waits for what a write needs to start: until its deadline, or for ever, as the policy is.
   *
   * @throws DirectIoException if the deadline came first
   */
  <T> T waitFor(
      long offset, long lengthBytes, Origin origin, Waiting<T> source, Supplier<String> whyNot)
      throws IOException {
    RequestInfo request = new RequestInfo(0, file.path(), file.toldOffset(offset), lengthBytes);
    return waitFor(Failures.WRITE, request, origin, source, whyNot);
  }

  <T> T waitFor(
      String operation,
      RequestInfo request,
      Origin origin,
      Waiting<T> source,
      Supplier<String> whyNot)
      throws IOException {
    T got = source.until(System.nanoTime());
    if (got != null) {
      return got;
    }
    if (request.requestId() != 0) { // It is in sight by itself.
      return waitOn(operation, request, origin, source, whyNot);
    }
    InFlightSource waiting =
        all -> all.add(InFlightRequest.of(operation, file, request, origin, whyNot.get()));
    file.runtime().began(waiting);
    try {
      return waitOn(operation, request, origin, source, whyNot);
    } finally {
      file.runtime().ended(waiting);
    }
  }

  private <T> T waitOn(
      String operation,
      RequestInfo request,
      Origin origin,
      Waiting<T> source,
      Supplier<String> whyNot)
      throws IOException {
    T got = source.until(origin.startNanoTime() + file.policy().deadline().toNanos());
    if (got == null) {
      IOException late = notStarted(operation, request, origin, whyNot.get());
      if (file.policy().onLost() == OnLost.FAIL) {
        throw late;
      }
      got = source.until(Waits.forever());
    }
    return got;
  }

  /**
   * Claims the pages of a write; at once, unless another one uses some of them in the other way.
   *
   * @throws DirectIoException if the deadline came first; then it is not claimed
   */
  void claim(PageClaim claim, long offset, long lengthBytes, Origin origin) throws IOException {
    if (!file.node().claims().claim(claim)) {
      awaitClaim(claim, offset, lengthBytes, origin);
    }
  }

  /** As {@link #claim}, of one that has its place in the queue. */
  void awaitClaim(PageClaim claim, long offset, long lengthBytes, Origin origin)
      throws IOException {
    PageClaims claims = file.node().claims();
    PageClaim got = null;
    Submitters.Place place = Submitters.place();
    place.leave();
    try {
      got =
          waitFor(
              offset,
              lengthBytes,
              origin,
              until -> claims.await(claim, until) && place.takeAgain(until) ? claim : null,
              () -> claim.isHeld() ? "no thread was free" : CLAIM + " has not ended");
    } finally {
      if (got == null) {
        claims.release(claim);
      }
    }
  }

  /** Tells a write that could not start by its deadline. */
  IOException notStarted(long offset, long lengthBytes, Origin origin, String why) {
    RequestInfo request = new RequestInfo(0, file.path(), file.toldOffset(offset), lengthBytes);
    return notStarted(Failures.WRITE, request, origin, why);
  }

  private IOException notStarted(String operation, RequestInfo request, Origin origin, String why) {
    file.runtime().lost(request, origin, file.policy().deadline().toNanos(), "not started: " + why);
    return file.failures().notStarted(operation, request, origin, why);
  }

  /** Tells that what went direct, and may have to be written back, did not get so far in time. */
  IOException notWrittenBack(RequestInfo range, Origin origin) {
    String waitingFor = "write-back (sync_file_range)";
    file.runtime()
        .lost(range, origin, file.policy().deadline().toNanos(), "waiting for " + waitingFor);
    return file.failures().lost(range, origin, waitingFor);
  }
}
