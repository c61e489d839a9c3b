package io.dioagent.runtime.fault;

/**
 * The faults, by their names in the option. A write through the page cache is one system call:
 * {@link #LOSE} and {@link #LATE} delay its return for long. Faults that only an event or a queue
 * can have do not strike it.
 */
public enum FaultKind {
  /** The device returns EIO. The data may be on it all the same, as with a real device. */
  EIO("eio", true),
  /** The device returns ENOSPC. */
  ENOSPC("enospc", true),
  /** The completion has half of the bytes. */
  SHORT("short", true),
  /** The completion comes later, by for=. */
  DELAY("delay", true),
  /** The completion never comes. */
  LOSE("lose", true),
  /** The completion comes twice. */
  DUPLICATE("duplicate", false),
  /** The completion comes long after its deadline: by for=. */
  LATE("late", true),
  /** io_submit returns EAGAIN, as with a full ring. */
  SUBMIT_EAGAIN("submit-eagain", false),
  /** io_submit does not return for the time of for=; with RWF_NOWAIT the write ends with EAGAIN. */
  SUBMIT_BLOCK("submit-block", true),
  /**
   * The page cache reports that it kept a page of a range that was written directly, as
   * invalidate_inode_pages2_range() did in the test of patch 002.
   */
  INVALIDATE_EIO("invalidate-eio", false);

  private final String option;
  private final boolean ofBufferedWrites;

  FaultKind(String option, boolean ofBufferedWrites) {
    this.option = option;
    this.ofBufferedWrites = ofBufferedWrites;
  }

  /** Returns the name in the option. */
  public String option() {
    return option;
  }

  /** Returns whether it strikes a write through the page cache, too. */
  boolean isOfBufferedWrites() {
    return ofBufferedWrites;
  }
}
