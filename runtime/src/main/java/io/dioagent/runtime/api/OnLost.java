package io.dioagent.runtime.api;

/** The reaction if a write has not ended by its deadline. */
public enum OnLost {
  /** The caller is released with an error; the write's buffers stay quarantined. The default. */
  FAIL,
  /** The loss is reported as an event, and the caller goes on waiting. */
  REPORT
}
