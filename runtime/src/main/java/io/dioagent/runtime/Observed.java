package io.dioagent.runtime;

/**
 * An operation that is watched, and waited for however long it takes. Its own thread and the
 * watchdog meet in the monitor.
 */
abstract class Observed implements Observation, Watchdog.Ward {
  private final DirectRuntime runtime;
  private final RequestInfo request;
  private final String operation;
  private final long deadlineNanos;
  private final Origin origin = Origin.here(System.nanoTime());
  private boolean toldLost;
  private boolean ended;

  private Observed(DirectFile file, String operation, long offset, long lengthBytes) {
    runtime = file.runtime();
    request = new RequestInfo(runtime.nextObservedRequestId(), file.path(), offset, lengthBytes);
    this.operation = operation;
    deadlineNanos = file.policy().deadline().toNanos();
  }

  final Observed watched() {
    runtime.watchdog().add(this);
    return this;
  }

  static Observed write(DirectFile file, long offset, long lengthBytes) {
    Object token = file.runtime().events().beginWrite();
    return new Observed(file, "observed write", offset, lengthBytes) {
      @Override
      void account(long result) {
        long bytes = Math.max(0, result);
        file.runtime().wrote(token, request(), result, 0, bytes, 0);
      }
    }.watched();
  }

  static Observed force(DirectFile file, boolean metadata) {
    Object token = file.runtime().events().beginForce();
    return new Observed(file, "force", 0, 0) {
      @Override
      void account(long result) {
        file.runtime().events().endForce(token, file.path(), metadata, result);
      }
    }.watched();
  }

  /** Tells what the operation came to. */
  abstract void account(long result);

  RequestInfo request() {
    return request;
  }

  @Override
  public synchronized boolean check() {
    if (!ended && !toldLost && origin.ageNanos() > deadlineNanos) {
      toldLost = true;
      runtime.lost(request, origin, deadlineNanos, operation + " has not returned");
    }
    return ended || toldLost;
  }

  @Override
  public void end(long result) {
    boolean late;
    synchronized (this) {
      ended = true;
      late = toldLost;
    }
    runtime.watchdog().remove(this);
    if (late) {
      runtime.late(request, origin, result, true);
    }
    account(result);
  }
}
