package io.dioagent.runtime.api;

/**
 * What happens to a direct write whose range is still in the page cache once the device has it, so
 * that a buffered or mapped reader may see older bytes than the device (seeds 002 and 003).
 */
public enum OnCollision {
  /** An event, and the write succeeds. The default. */
  REPORT,
  /** An event, and the write ends with EIO. */
  FAIL,
  /** An event; the colliding pages are written back, and the direct write is done once more. */
  LAUNDER
}
