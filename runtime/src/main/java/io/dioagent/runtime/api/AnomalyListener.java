package io.dioagent.runtime.api;

/**
 * Notified of anomalies at once, besides the events. Called by any thread, including an
 * application's and those that reap completions; must not block.
 */
public interface AnomalyListener {
  /** A request did not end by its deadline. */
  void lost(RequestInfo request, long ageNanos, long deadlineNanos, String reason);

  /**
   * A request that was reported lost has ended.
   *
   * @param result the kernel's answer: bytes, or a negative errno
   * @param delivered whether its caller was still waiting, and got the result
   */
  void late(RequestInfo request, long ageNanos, long result, boolean delivered);

  /** A completion was dropped because its I/O had ended already. */
  void duplicate(RequestInfo request, long ageNanos, String reason);

  /**
   * A request ended with an error from the device, the file system or a limit.
   *
   * @param result a negative errno
   */
  void failed(RequestInfo request, long ageNanos, long result, String reason);
}
