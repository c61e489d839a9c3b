package io.dioagent.runtime.write;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that callers write through the page cache themselves, one at a time: from time to time a
 * submitter thread writes them back and drops their pages. Thread-safe: the count is atomic, and
 * the thread that takes it to zero starts the one task for it.
 */
public final class CallerWrites {
  /** Bytes between two flushes: few enough not to crowd the page cache, and many for one flush. */
  private static final long FLUSH_BYTES = 1 << 20;

  private static final String WHY = "single bytes of a stream";

  private final FileContext file;
  private final AtomicLong unflushedBytes = new AtomicLong();

  public CallerWrites(FileContext file) {
    this.file = file;
  }

  /** Bytes are about to be written at the descriptor's own offset. */
  public void add(long lengthBytes) {
    if (unflushedBytes.addAndGet(lengthBytes) >= FLUSH_BYTES) {
      flush();
    }
  }

  /** Starts a flush if there is something to flush and a thread is free; does not wait for it. */
  public void flush() {
    long bytes = unflushedBytes.getAndSet(0);
    if (bytes == 0 || !file.descriptors().enter()) {
      return;
    }
    boolean started = false;
    try {
      // Where streams jump about, the range is a guess, and what it misses stays cached.
      long end = Linux.position(file.descriptors().given());
      Origin origin = Origin.here(System.nanoTime());
      started =
          file.descriptors().anchor()
              && file.device()
                  .execute(() -> flush(Math.max(0, end - bytes), bytes, origin), Limit.NOW);
    } catch (OutOfMemoryError e) {
      Defects.log(Defects.At.FLUSH_START, null, e);
    } finally {
      if (!started) {
        file.descriptors().leave();
      }
    }
  }

  /**
   * Called by a submitter thread. An error is returned by the application's own fsync, or, where
   * this flush consumed it, by the next operation.
   */
  private void flush(long offset, long lengthBytes, Origin origin) {
    try {
      RequestInfo range = new RequestInfo(0, file.path(), offset, lengthBytes);
      long taken =
          file.cachedPages().flushOthers(range, fd -> Linux.writeBack(fd, offset, lengthBytes));
      if (taken < 0) {
        file.pendingError().record(file.failures().failed(offset, lengthBytes, (int) -taken));
      }
      file.meter().wrote(0, lengthBytes);
      file.runtime().wroteByCaller(lengthBytes);
      file.runtime().events().bufferedFallback(range, origin.ageNanos(), WHY, origin.submitter());
    } finally {
      file.descriptors().leave();
    }
  }

  public DirectIoException forbidden() {
    return file.failures().forbidden(Linux.position(file.descriptors().given()), 1, WHY);
  }
}
