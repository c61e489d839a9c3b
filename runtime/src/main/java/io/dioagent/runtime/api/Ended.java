package io.dioagent.runtime.api;

import java.io.IOException;

/** Takes the single result of an asynchronous write. */
public interface Ended {
  /**
   * The write has ended. Called exactly once, by a thread of the runtime. May take its time:
   * meanwhile another thread delivers the results of other writes.
   *
   * @param bytes written; fewer than asked for as pwrite(2) does (limits, full file systems); 0 if
   *     it failed
   * @param failure as {@code DirectFile.write} throws it; null if there is none
   */
  void ended(long bytes, IOException failure);
}
