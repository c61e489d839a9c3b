package io.dioagent.runtime.api;

/**
 * An operation that has begun and not ended.
 *
 * @param operation such as write, read or force
 * @param request its id is 0 where it waits to become a request
 * @param ageNanos since its caller made it
 * @param deadlineNanos within which it was to end
 * @param waitingFor what it was last seen waiting for
 * @param submitter the application's thread that made it; it may have gone on, or ended
 * @param device the file's: major number in the upper, minor in the lower half
 */
public record InFlightRequest(
    String operation,
    RequestInfo request,
    long ageNanos,
    long deadlineNanos,
    String waitingFor,
    Thread submitter,
    long device) {

  /** Whether it should have ended by now. */
  public boolean isOverdue() {
    return ageNanos > deadlineNanos;
  }
}
