package io.dioagent.runtime;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.LostMark;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import java.util.Collection;

/**
 * An operation that is watched, and that its caller waits for without a bound. The caller's thread
 * and the watchdog meet in the mark.
 */
abstract class Observed implements Observation, Watchdog.Operation {
  private final RuntimeContext runtime;
  private final RequestInfo request;
  private final String operation;
  private final FileContext file;
  private final long deadlineNanos;
  private final Origin origin = Origin.here(System.nanoTime());
  private final LostMark lostMark = new LostMark();

  private Observed(FileContext file, String operation, long offset, long lengthBytes) {
    this.file = file;
    runtime = file.runtime();
    request = new RequestInfo(runtime.nextObservedRequestId(), file.path(), offset, lengthBytes);
    this.operation = operation;
    deadlineNanos = file.policy().deadline().toNanos();
  }

  final Observed watched() {
    runtime.watchdog().add(this);
    return this;
  }

  static Observed write(FileContext file, long offset, long lengthBytes) {
    Object token = file.runtime().events().beginWrite();
    return new Observed(file, "observed write", offset, lengthBytes) {
      @Override
      void account(long result) {
        reportError(result);
        long bytes = Math.max(0, result);
        file.runtime().wrote(token, request(), result, 0, bytes, 0);
      }
    }.watched();
  }

  static Observed read(FileContext file, long offset, long lengthBytes) {
    Object token = file.runtime().events().beginRead();
    return new Observed(file, "observed read", offset, lengthBytes) {
      @Override
      void account(long result) {
        reportError(result);
        file.runtime().read(token, request(), result, 0, Math.max(0, result), 0);
      }
    }.watched();
  }

  static Observed force(FileContext file, boolean metadata) {
    Object token = file.runtime().events().beginForce();
    return new Observed(file, "force", 0, 0) {
      @Override
      void account(long result) {
        file.runtime().events().endForce(token, file.path(), metadata, result);
      }
    }.watched();
  }

  /** Records the operation's result. */
  abstract void account(long result);

  /** Reports the error of a write or a read; a force reports its own. */
  final void reportError(long result) {
    if (result < 0) {
      runtime.failed(request, origin, result, operation);
    }
  }

  RequestInfo request() {
    return request;
  }

  /**
   * An own hash code, for the watchdog's set: an object's first identity hash is a call into the
   * JVM.
   */
  @Override
  public final int hashCode() {
    return (int) request.requestId();
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public boolean check() {
    boolean overdue =
        origin
            .patience()
            .isSpentInRounds(
                runtime.watchdog().restNanos(), deadlineNanos, () -> Patience.Cause.DEVICE);
    if (overdue && lostMark.set()) {
      runtime.lost(request, origin, deadlineNanos, operation + " has not returned", true);
    }
    return false; // It stays listed until it ends.
  }

  @Override
  public void addInFlight(Collection<InFlightRequest> all) {
    all.add(file.inFlight(operation, request, origin, "the kernel"));
  }

  @Override
  public void end(long result) {
    runtime.watchdog().remove(this);
    if (lostMark.end()) {
      runtime.late(request, origin, result, true);
    }
    account(result);
  }
}
