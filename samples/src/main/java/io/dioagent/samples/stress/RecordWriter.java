package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Writes the records of one thread. Not thread-safe. */
interface RecordWriter extends AutoCloseable {

  /** Receives the results of writes. */
  interface Handler {
    /**
     * Called when a write has ended.
     *
     * @param userData the data it was submitted with
     * @param result bytes, or a negative errno; -ETIMEDOUT for a lost write
     */
    void ended(long userData, long result);
  }

  /** Returns the memory of a slot without a write in flight; null if none is available now. */
  ByteBuffer memory(int slot);

  /**
   * Issues a write of a slot's memory.
   *
   * @throws IOException if it was not issued; the handler is not called
   */
  void submit(int slot, int file, long position, long userData) throws IOException;

  /**
   * Waits for an outstanding write to end, or the time-out; passes all ended writes to the handler.
   */
  void await(Duration timeout, Handler handler);

  @Override
  void close();
}
