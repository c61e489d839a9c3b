package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One thread's way to write records. Not thread-safe. */
interface RecordWriter extends AutoCloseable {

  /** Takes the ends of writes. */
  interface Handler {
    /**
     * A write ended.
     *
     * @param userData as it was submitted
     * @param result bytes, or a negative errno; -ETIMEDOUT for a lost one
     */
    void ended(long userData, long result);
  }

  /** Memory to fill, for a slot without a write in flight; null if there is none at present. */
  ByteBuffer memory(int slot);

  /**
   * Issues a write of a slot's memory.
   *
   * @throws IOException if it was not issued; then it does not end
   */
  void submit(int slot, int file, long position, long userData) throws IOException;

  /** Waits for at least one end, if any is to come, or the time-out; hands out what there is. */
  void await(Duration timeout, Handler handler);

  @Override
  void close();
}
