package io.dioagent.agent.live;

import io.dioagent.agent.management.InFlightRow;
import io.dioagent.runtime.api.InFlightRequest;

/** A request in flight. Immutable. */
final class InFlight implements InFlightRow {
  private final InFlightRequest request;

  InFlight(InFlightRequest request) {
    this.request = request;
  }

  @Override
  public String getOperation() {
    return request.operation();
  }

  @Override
  public long getRequestId() {
    return request.request().requestId();
  }

  @Override
  public String getPath() {
    return request.request().path();
  }

  @Override
  public long getOffset() {
    return request.request().offset();
  }

  @Override
  public long getLength() {
    return request.request().lengthBytes();
  }

  @Override
  public double getAgeSeconds() {
    return request.ageNanos() / 1e9;
  }

  @Override
  public boolean isOverdue() {
    return request.isOverdue();
  }

  @Override
  public String getWaitingFor() {
    return request.waitingFor();
  }

  @Override
  public String getThread() {
    return request.submitter().getName();
  }

  @Override
  public String getDevice() {
    return Devices.name(request.device());
  }
}
