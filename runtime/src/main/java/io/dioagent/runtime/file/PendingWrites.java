package io.dioagent.runtime.file;

import io.dioagent.runtime.api.WriteSource;
import java.io.IOException;

/** Takes writes of one file whose callers return before the device has the bytes. Thread-safe. */
public interface PendingWrites {
  /**
   * Takes a write.
   *
   * @param startNanoTime when the application called, by {@link System#nanoTime}
   * @return bytes taken, from the start of the source; the caller writes the rest itself
   * @throws IOException if no memory came free before the deadline; then nothing was taken
   */
  long write(FileContext file, WriteSource source, long position, long startNanoTime)
      throws IOException;

  /** Whether a byte is on its way. */
  boolean hasPending();

  /** Waits until the bytes that were taken so far have ended. */
  void settle();

  /** As {@link #settle()}, if a byte of a range is on its way. */
  void settle(long offset, long lengthBytes);

  /**
   * Takes no more writes of a file, and gives up its bytes that no thread has begun to write: they
   * are never written, and reported as an error. Waits for those that a thread is writing, for a
   * bounded time. Allocates nothing: called where a full heap has failed each {@link #barrier}.
   */
  void abandon(FileContext file);

  /** As {@link #settle()}, for a caller after whom nothing may be on its way. */
  void barrier();
}
