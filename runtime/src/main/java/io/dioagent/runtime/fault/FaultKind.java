package io.dioagent.runtime.fault;

/**
 * What can be made to go wrong, by the names of the option. A write through the page cache is one
 * system call: there {@link #LOSE} and {@link #LATE} mean that it does not return for long, and
 * what only an event or a queue can do does not strike.
 */
public enum FaultKind {
  /** The device answers EIO. The data may be on it all the same, as with a real device. */
  EIO("eio", true),
  /** The device answers ENOSPC. */
  ENOSPC("enospc", true),
  /** The completion tells half of the bytes. */
  SHORT("short", true),
  /** The completion comes later, by for=. */
  DELAY("delay", true),
  /** The completion never comes. */
  LOSE("lose", true),
  /** The completion comes twice. */
  DUPLICATE("duplicate", false),
  /** The completion comes long after its deadline: by for=. */
  LATE("late", true),
  /** io_submit says EAGAIN, as with a full ring. */
  SUBMIT_EAGAIN("submit-eagain", false),
  /** io_submit does not return for the time of for=; with RWF_NOWAIT the write answers EAGAIN. */
  SUBMIT_BLOCK("submit-block", true),
  /**
   * The page cache says that it kept a page of what was written directly, as
   * invalidate_inode_pages2_range() was made to in the test of patch 002.
   */
  INVALIDATE_EIO("invalidate-eio", false);

  private final String option;
  private final boolean ofBufferedWrites;

  FaultKind(String option, boolean ofBufferedWrites) {
    this.option = option;
    this.ofBufferedWrites = ofBufferedWrites;
  }

  /** The name in the option. */
  public String option() {
    return option;
  }

  /** Whether it strikes a write through the page cache, too. */
  boolean isOfBufferedWrites() {
    return ofBufferedWrites;
  }
}
