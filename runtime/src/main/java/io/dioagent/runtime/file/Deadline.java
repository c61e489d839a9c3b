package io.dioagent.runtime.file;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Submitters;
import io.dioagent.runtime.device.Traffic;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The deadline of a file's operations: their waits for what they need to start, and the reports of
 * those that did not start in time. Thread-safe.
 *
 * <p>An operation that waits for its turn is overdue only if its device is stuck: see {@link
 * Traffic#watch}.
 */
public final class Deadline {
  private final FileContext file;

  Deadline(FileContext file) {
    this.file = file;
  }

  /** Takes something, waiting for it within a limit; null if the limit came first. */
  public interface Waiting<T> {
    T within(Limit limit);
  }

  /** As the policy is now. */
  public long nanos() {
    return file.policy().deadline().toNanos();
  }

  /**
   * Returns the limit of a wait that begins now, for something that other operations on the device
   * hold.
   */
  public Limit limit(Origin origin) {
    return origin.patience().limit(this::nanos, file.device().traffic().watch());
  }

  /** The same, where the wait is no operation's own, and may be longer by so much. */
  public Limit limit(long longerNanos) {
    LongSupplier deadlineNanos = () -> nanos() + longerNanos;
    return new Patience().limit(deadlineNanos, file.device().traffic().watch());
  }

  /**
   * Waits for something that a write needs to start: until its deadline, or for ever, as the policy
   * says.
   *
   * @throws DirectIoException if the deadline came first
   */
  public <T> T waitFor(
      long offset, long lengthBytes, Origin origin, Waiting<T> source, Supplier<String> whyNot)
      throws IOException {
    RequestInfo request = new RequestInfo(0, file.path(), file.reportedOffset(offset), lengthBytes);
    return waitFor(Failures.WRITE, request, origin, source, whyNot);
  }

  public <T> T waitFor(
      String operation,
      RequestInfo request,
      Origin origin,
      Waiting<T> source,
      Supplier<String> whyNot)
      throws IOException {
    T got = source.within(Limit.NOW);
    if (got != null) {
      return got;
    }
    Limit limit = limit(origin);
    return waitInSight(operation, request, origin, source, limit, whyNot);
  }

  private <T> T waitInSight(
      String operation,
      RequestInfo request,
      Origin origin,
      Waiting<T> source,
      Limit limit,
      Supplier<String> whyNot)
      throws IOException {
    if (request.requestId() != 0) { // It is in sight by itself.
      return waitOn(operation, request, origin, source, limit, whyNot);
    }
    InFlightSource waiting =
        all -> all.add(file.inFlight(operation, request, origin, whyNot.get()));
    try {
      file.runtime().began(waiting);
      return waitOn(operation, request, origin, source, limit, whyNot);
    } finally {
      file.runtime().ended(waiting);
    }
  }

  private <T> T waitOn(
      String operation,
      RequestInfo request,
      Origin origin,
      Waiting<T> source,
      Limit limit,
      Supplier<String> whyNot)
      throws IOException {
    T got = source.within(limit);
    if (got == null && file.policy().onLost() == OnLost.FAIL) {
      throw notStarted(operation, request, origin, whyNot.get());
    }
    if (got == null) {
      String reason = "not yet started: " + whyNot.get();
      file.runtime().lost(request, origin, nanos(), reason, true);
      got = source.within(Limit.FOREVER);
      file.runtime().late(request, origin, 0, true);
    }
    return got;
  }

  /**
   * Claims the pages of a write; at once, unless another one uses some of them in the other way.
   *
   * @throws DirectIoException if the deadline came first; then it is not claimed
   */
  public void claim(PageClaim claim, long offset, long lengthBytes, Origin origin)
      throws IOException {
    if (!file.node().claims().claim(claim)) {
      awaitClaim(claim, offset, lengthBytes, origin);
    }
  }

  /** As {@link #claim}, for a claim that has its place in the queue. */
  public void awaitClaim(PageClaim claim, long offset, long lengthBytes, Origin origin)
      throws IOException {
    PageClaims claims = file.node().claims();
    PageClaim got = null;
    RequestInfo request = new RequestInfo(0, file.path(), file.reportedOffset(offset), lengthBytes);
    // Other I/Os of the device do not count: the other write may be lost.
    Limit deadline = origin.patience().limit(this::nanos, () -> Patience.Cause.UNKNOWN);
    Submitters.Place place = Submitters.place();
    place.leave();
    try {
      got =
          waitInSight(
              Failures.WRITE,
              request,
              origin,
              limit -> claims.await(claim, limit) && place.takeAgain(limit) ? claim : null,
              deadline,
              () -> claim.isHeld() ? "no thread was free" : WaitingFor.CLAIM + " has not ended");
    } finally {
      if (got == null) {
        claims.release(claim);
      }
    }
  }

  /** Reports a write that could not start by its deadline, and never will. */
  public IOException notStarted(long offset, long lengthBytes, Origin origin, String why) {
    RequestInfo request = new RequestInfo(0, file.path(), file.reportedOffset(offset), lengthBytes);
    return notStarted(Failures.WRITE, request, origin, why);
  }

  private IOException notStarted(String operation, RequestInfo request, Origin origin, String why) {
    file.runtime().lost(request, origin, nanos(), "not started: " + why, false);
    return file.failures().notStarted(operation, request, origin, why);
  }
}
