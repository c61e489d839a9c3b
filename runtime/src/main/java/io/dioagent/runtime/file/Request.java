package io.dioagent.runtime.file;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One operation on a file as events show it: its name, its origin, and its reports.
 *
 * <p>It is reported lost once at most and not after its end. Its end is reported late only if it
 * was reported lost: one thread may find the deadline passed while another ends the operation, and
 * both reports are made or neither. Thread-safe, without a lock: nearly all operations just end.
 */
public final class Request {
  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int LOST = 2;

  private final FileContext file;
  private final RequestInfo info;
  private final Origin origin;
  private final AtomicInteger state = new AtomicInteger(OPEN);

  public Request(FileContext file, RequestInfo info, Origin origin) {
    this.file = file;
    this.info = info;
    this.origin = origin;
  }

  /** Makes a request with an id of a lane. */
  public static Request on(
      Lane lane, FileContext file, long position, long lengthBytes, Origin origin) {
    long id = lane.nextRequestId();
    return of(id, file, file.reportedOffset(position), lengthBytes, origin);
  }

  /** Makes a request with an id of operations without a lane. */
  public static Request observed(FileContext file, long offset, long lengthBytes, Origin origin) {
    return of(file.runtime().nextObservedRequestId(), file, offset, lengthBytes, origin);
  }

  /** Makes a request with an id. */
  public static Request of(
      long id, FileContext file, long offset, long lengthBytes, Origin origin) {
    return new Request(file, new RequestInfo(id, file.path(), offset, lengthBytes), origin);
  }

  public FileContext file() {
    return file;
  }

  public RuntimeContext runtime() {
    return file.runtime();
  }

  /** Returns its name in events. */
  public RequestInfo info() {
    return info;
  }

  public Origin origin() {
    return origin;
  }

  /** Returns a row of {@code DirectRuntime.inFlight}. */
  public InFlightRequest inFlight(String operation, String waitingFor) {
    return file.inFlight(operation, info, origin, waitingFor);
  }

  /** Reports a slice of its wait. Called by the watchdog; returns whether the deadline is spent. */
  public boolean isSpentInRounds(Patience.Why why) {
    long restNanos = runtime().watchdog().restNanos();
    return origin.patience().isSpentInRounds(restNanos, file.deadline().nanos(), why);
  }

  /**
   * Reports it lost, unless it was reported before or has ended. Any thread.
   *
   * @param reason and more make the text; without the memory to join them the reason alone does
   * @param pending whether some of it may be inside the kernel, so that it ends late
   * @return whether it was reported
   */
  public boolean reportLost(String reason, String more, boolean pending) {
    boolean first = state.compareAndSet(OPEN, LOST);
    if (first) {
      String text = Defects.text(reason, more);
      runtime().lost(info, origin, file.deadline().nanos(), text, pending);
    }
    return first;
  }

  /** Ends it; reports the end late if it was reported lost. */
  public void ended(long result, boolean delivered) {
    if (!state.compareAndSet(OPEN, ENDED) && state.get() == LOST) {
      runtime().late(info, origin, result, delivered);
    }
  }

  /** Reports the end of a request whose caller was released, and which so is lost in any case. */
  public void endedReleased(long result) {
    runtime().late(info, origin, result, false);
  }

  /** Reports a failure. */
  public void reportFailed(long result, String why) {
    runtime().failed(info, origin, result, why);
  }

  /** Returns the text of a failure after some bytes; an empty text without the memory for it. */
  public String progress(long bytes, String verb) {
    try {
      return bytes + " of " + info.lengthBytes() + verb;
    } catch (OutOfMemoryError e) {
      return "";
    }
  }

  /** Reports that the kernel held the thread that submitted it. */
  public void reportStall(long heldNanos, String reason) {
    runtime().metrics().stalled();
    runtime().events().submissionStall(info, heldNanos, reason);
  }
}
