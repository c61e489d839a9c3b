package io.dioagent.runtime.api;

/** Takes the completions of a write queue, one after the other, on the queue's thread. */
@FunctionalInterface
public interface WriteHandler {
  /**
   * A write has ended.
   *
   * @param userData as it was submitted
   * @param result bytes written, or a negative errno, which wins over bytes that were written
   *     before, also where a limit was reached; -ETIMEDOUT for one that counts as lost, whose
   *     buffer stays in use until its event comes
   * @param requestId as events show it
   */
  void completed(long userData, long result, long requestId);
}
