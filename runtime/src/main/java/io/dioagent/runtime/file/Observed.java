package io.dioagent.runtime.file;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Watchdog;
import java.util.Collection;

/**
 * An operation that is watched, and that its caller waits for without a bound. The caller's thread
 * and the watchdog meet in the request.
 */
public abstract class Observed implements Observation, Watchdog.Operation {
  private final Request request;
  private final String operation;

  private Observed(FileContext file, String operation, long offset, long lengthBytes) {
    request = Request.observed(file, offset, lengthBytes, Origin.here(System.nanoTime()));
    this.operation = operation;
  }

  final Observed watched() {
    request.runtime().watchdog().add(this);
    return this;
  }

  public static Observed write(FileContext file, long offset, long lengthBytes) {
    Object token = file.runtime().events().beginWrite();
    return new Observed(file, "observed write", offset, lengthBytes) {
      @Override
      void account(long result) {
        reportError(result);
        long bytes = Math.max(0, result);
        file.meter().wrote(0, bytes);
        file.runtime().metrics().wrote(origin());
        file.runtime().wrote(token, request(), result, 0, bytes, 0);
      }
    }.watched();
  }

  public static Observed read(FileContext file, long offset, long lengthBytes) {
    Object token = file.runtime().events().beginRead();
    return new Observed(file, "observed read", offset, lengthBytes) {
      @Override
      void account(long result) {
        reportError(result);
        file.runtime().read(token, request(), result, 0, Math.max(0, result), 0);
      }
    }.watched();
  }

  public static Observed force(FileContext file, boolean metadata) {
    Object token = file.runtime().events().beginForce();
    return new Observed(file, "force", 0, 0) {
      @Override
      void account(long result) {
        file.runtime().metrics().forced(origin(), result);
        file.runtime().events().endForce(token, file.path(), metadata, result);
      }
    }.watched();
  }

  /** Begins to watch a write-back that a thread of the runtime waits for. */
  public static Observed writeBack(FileContext file, long offset, long lengthBytes) {
    return new Observed(file, "write-back", offset, lengthBytes) {
      @Override
      void account(long result) {
        reportError(result);
      }
    }.watched();
  }

  /** Records the operation's result. */
  abstract void account(long result);

  /** Reports the error of a write or a read; a force reports its own. */
  final void reportError(long result) {
    if (result < 0) {
      request.reportFailed(result, operation);
    }
  }

  final Origin origin() {
    return request.origin();
  }

  /** Its name in events. */
  public RequestInfo request() {
    return request.info();
  }

  /**
   * An own hash code, for the watchdog's set: an object's first identity hash is a call into the
   * JVM.
   */
  @Override
  public final int hashCode() {
    return (int) request.info().requestId();
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public boolean check() {
    if (request.isSpentInRounds(() -> Patience.Cause.DEVICE)) {
      boolean unused = request.reportLost(operation, " has not returned", true);
    }
    return false; // It stays listed until it ends.
  }

  @Override
  public void addInFlight(Collection<InFlightRequest> all) {
    all.add(request.inFlight(operation, "the kernel"));
  }

  @Override
  public void end(long result) {
    request.runtime().watchdog().remove(this);
    request.ended(result, true);
    account(result);
  }
}
