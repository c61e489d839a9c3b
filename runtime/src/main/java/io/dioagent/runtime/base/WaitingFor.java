package io.dioagent.runtime.base;

/**
 * The reasons why a write waits, as {@code inFlight} and events show them. Made with this class,
 * because the first use of a literal needs heap.
 */
public final class WaitingFor {
  /** A call of the kernel that submits. */
  public static final String SUBMISSION = String.valueOf("a submission");

  public static final String SUBMITTER_THREAD = String.valueOf("a submitter thread");
  public static final String CLAIM = String.valueOf("an earlier write of the same pages");
  public static final String BUFFERED_WRITE = String.valueOf("a buffered write");
  public static final String WRITE_BACK = String.valueOf("write-back (sync_file_range)");
  public static final String COMPLETION = String.valueOf("the completion");

  /** All of them. */
  static final String[] ALL = {
    SUBMITTER_THREAD, CLAIM, BUFFERED_WRITE, WRITE_BACK, COMPLETION, SUBMISSION
  };

  private WaitingFor() {}
}
