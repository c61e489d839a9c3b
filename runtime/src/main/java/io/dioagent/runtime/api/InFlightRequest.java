package io.dioagent.runtime.api;

/**
 * An operation that has begun and not ended.
 *
 * @param operation name such as write, read or force
 * @param request the request; its id is 0 while the operation waits to become a request
 * @param ageNanos time since the caller began it
 * @param deadlineNanos time within which it had to end
 * @param waitingFor reason it was waiting when last observed
 * @param submitter the application's thread that began it; that thread may have gone on, or ended
 * @param device device of the file: major number in the upper, minor in the lower half
 */
public record InFlightRequest(
    String operation,
    RequestInfo request,
    long ageNanos,
    long deadlineNanos,
    String waitingFor,
    Thread submitter,
    long device) {

  /** Returns whether the deadline has passed. */
  public boolean isOverdue() {
    return ageNanos > deadlineNanos;
  }
}
