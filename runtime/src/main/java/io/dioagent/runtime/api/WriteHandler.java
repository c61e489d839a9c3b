package io.dioagent.runtime.api;

/** Takes the completions of a write queue, one at a time, on the thread that uses the queue. */
@FunctionalInterface
public interface WriteHandler {
  /**
   * A write has ended.
   *
   * @param userData the value that was submitted with the write
   * @param result bytes written, or a negative errno. The errno replaces the count of bytes written
   *     before it, even at a limit. -ETIMEDOUT means that the write counts as lost; its buffer
   *     stays in use until its event comes
   * @param requestId as events show it
   */
  void completed(long userData, long result, long requestId);
}
