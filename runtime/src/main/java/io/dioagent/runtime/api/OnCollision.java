package io.dioagent.runtime.api;

/**
 * The reaction if a direct write's range is still in the page cache after the device has the bytes.
 * Buffered or mapped readers may then see older bytes than the device has (seeds 002 and 003).
 */
public enum OnCollision {
  /** Reports an event, and the write succeeds. The default. */
  REPORT,
  /** Reports an event, and the write ends with EIO. */
  FAIL,
  /** Reports an event, writes the colliding pages back, and repeats the direct write once. */
  LAUNDER
}
