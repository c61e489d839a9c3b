package io.dioagent.runtime;

/**
 * What a write waits for, as {@code inFlight} and events show it. Made with this class, because the
 * first use of a literal needs heap.
 */
final class WaitingFor {
  static final String SUBMISSION = String.valueOf("a submission");
  static final String SUBMITTER_THREAD = String.valueOf("a submitter thread");
  static final String CLAIM = String.valueOf("an earlier write of the same pages");
  static final String BUFFERED_WRITE = String.valueOf("a buffered write");
  static final String WRITE_BACK = String.valueOf("write-back (sync_file_range)");
  static final String COMPLETION = String.valueOf("the completion");

  /** All of them. */
  static final String[] ALL = {
    SUBMITTER_THREAD, CLAIM, BUFFERED_WRITE, WRITE_BACK, COMPLETION, SUBMISSION
  };

  private WaitingFor() {}
}
