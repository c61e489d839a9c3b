package io.dioagent.samples.faults;

/**
 * Counts of requests by result.
 *
 * @param issued all requests
 * @param completed requests with a count of bytes
 * @param failed requests with an error, without overdue ones
 * @param overdue requests with the deadline's error
 * @param lost requests without a result
 * @param duplicate results beyond the first of a request
 */
record Account(int issued, int completed, int failed, int overdue, int lost, int duplicate) {
  static final Account NONE = new Account(0, 0, 0, 0, 0, 0);

  /** Counts the requests of one application. */
  static Account of(Application application) {
    Account sum = NONE;
    for (Request request : application.requests()) {
      sum = sum.plus(of(application, request));
    }
    return sum;
  }

  private static Account of(Application application, Request request) {
    if (!request.hasEnded()) {
      return new Account(1, 0, 0, 0, 1, 0);
    }
    int duplicate = request.endings().size() - 1;
    Ending ending = request.endings().get(0);
    if (!ending.failed()) {
      return new Account(1, 1, 0, 0, 0, duplicate);
    }
    boolean late = ending.age().compareTo(application.deadline()) >= 0;
    return new Account(1, 0, late ? 0 : 1, late ? 1 : 0, 0, duplicate);
  }

  Account plus(Account other) {
    return new Account(
        issued + other.issued,
        completed + other.completed,
        failed + other.failed,
        overdue + other.overdue,
        lost + other.lost,
        duplicate + other.duplicate);
  }
}
