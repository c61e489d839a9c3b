package io.dioagent.runtime.jfr;

import io.dioagent.events.InFlight;
import io.dioagent.runtime.api.InFlightRequest;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Records the operations in flight that are old, so that a recording that ends during a hang names
 * them. Used only by JFR's periodic thread.
 */
final class JfrInFlight implements Runnable {
  /** Limits the age of an operation that is not recorded: a healthy device is faster. */
  static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Limits the operations recorded at a time to the oldest; the statistics count all. */
  static final int MOST = 20;

  /** Limits how often the stack of an operation is recorded again; it has some KiB. */
  private static final long STACKS_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Supplier<List<InFlightRequest>> source;
  private boolean ran;
  private long previousNanoTime;
  private long stacksNanoTime;

  JfrInFlight(Supplier<List<InFlightRequest>> source) {
    this.source = source;
  }

  /** Returns the operations that are old, the oldest first. */
  static List<InFlightRequest> old(Supplier<List<InFlightRequest>> source) {
    return source.get().stream()
        .filter(request -> request.ageNanos() >= OLD_NANOS)
        .sorted(Comparator.comparingLong(InFlightRequest::ageNanos).reversed())
        .toList();
  }

  @Override
  public void run() {
    List<InFlightRequest> old = old(source);
    long now = System.nanoTime();
    boolean allStacks = !ran || now - stacksNanoTime >= STACKS_NANOS;
    long sincePrevious = now - previousNanoTime;
    for (InFlightRequest request : old.subList(0, Math.min(old.size(), MOST))) {
      boolean isNew = request.ageNanos() - sincePrevious < OLD_NANOS;
      record(request, allStacks || isNew);
    }
    ran = true;
    previousNanoTime = now;
    if (allStacks) {
      stacksNanoTime = now;
    }
  }

  private static void record(InFlightRequest request, boolean withStack) {
    InFlight event = new InFlight();
    JfrFields.fill(event, request.request());
    event.operation = request.operation();
    event.ageNanos = request.ageNanos();
    event.deadlineNanos = request.deadlineNanos();
    event.reason = request.waitingFor();
    event.device = (request.device() >>> 32) + ":" + (request.device() & 0xffffffffL);
    event.submitter = JfrFields.nameOf(request.submitter());
    event.submitterStack = withStack ? JfrFields.stackOf(request.submitter()) : null;
    event.commit();
  }
}
