package io.dioagent.runtime.api;

/** What happens to a caller whose write has not ended by its deadline. */
public enum OnLost {
  /** The caller is released with an error; the write's buffers stay quarantined. The default. */
  FAIL,
  /** The loss is told in an event, and the caller goes on waiting. */
  REPORT
}
