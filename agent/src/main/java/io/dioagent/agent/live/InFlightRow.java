package io.dioagent.agent.live;

import io.dioagent.runtime.InFlightRequest;

/** One request of {@link DirectIoMXBean#getInFlight}; a row of composite data. Immutable. */
public final class InFlightRow {
  private final InFlightRequest request;

  InFlightRow(InFlightRequest request) {
    this.request = request;
  }

  /** Such as write, read or force. */
  public String getOperation() {
    return request.operation();
  }

  /** 0 where it waits to become a request. */
  public long getRequestId() {
    return request.request().requestId();
  }

  /** The file's real path when it was opened. */
  public String getPath() {
    return request.request().path();
  }

  /** First byte, from the start of the file; -1 where it is not known. */
  public long getOffset() {
    return request.request().offset();
  }

  /** Bytes asked for. */
  public long getLength() {
    return request.request().lengthBytes();
  }

  /** Since its caller made it. */
  public double getAgeSeconds() {
    return request.ageNanos() / 1e9;
  }

  /** Whether it should have ended by now. */
  public boolean isOverdue() {
    return request.isOverdue();
  }

  /** What it was last seen waiting for. */
  public String getWaitingFor() {
    return request.waitingFor();
  }

  /** The application's thread that made it. */
  public String getThread() {
    return request.submitter().getName();
  }

  /** Such as vda1 (254:1). */
  public String getDevice() {
    return Devices.name(request.device());
  }
}
