package io.dioagent.runtime;

import io.dioagent.runtime.async.AsyncFile;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PendingWrites;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The end of a {@link DirectFile}. Made with the file, so that closing needs no heap for it. */
final class FileClosing {
  /**
   * Limits the watchdog's time to end overdue writes; asynchronous writes past it are left behind.
   */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Limits the wait for reads ahead on close; those past it are lost and do not end. */
  private static final long LONGEST_READ_AHEAD_MILLIS = 1000;

  /** Limits the wait for requests in flight on close; those past it are left behind. */
  private static final long LONGEST_CLOSING_MILLIS = 20;

  /**
   * Limits the tries of a close with a full heap, at this interval; then writes that no thread has
   * begun are given up.
   */
  private static final int CLOSING_TRIES = 500;

  private static final long CLOSING_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final FileContext context;
  private final AsyncFile async;
  private final FileWrites writes;
  private final FileReads reads;

  FileClosing(FileContext context, AsyncFile async, FileWrites writes, FileReads reads) {
    this.context = context;
    this.async = async;
    this.writes = writes;
    this.reads = reads;
  }

  /** As {@link DirectFile#awaitIdle}. */
  boolean awaitIdle(long untilNanoTime) {
    if (!async.awaitNone(Limit.until(untilNanoTime))) {
      return false;
    }
    reads.close();
    context.writeNotice().settle();
    context.descriptors().awaitUnused(LONGEST_READ_AHEAD_MILLIS);
    return true;
  }

  /**
   * Closes the file, also with a full heap.
   *
   * @param withApplication whether the application closes the adopted descriptor next
   */
  void close(boolean withApplication) throws IOException {
    // Not if the number may be another file's by now.
    IOException failedBehind = withApplication ? writes.behind().failure() : null;
    OutOfMemoryError failure = endAllPatiently();
    context.close(withApplication);
    if (failure != null) {
      throw failure;
    }
    if (failedBehind != null) {
      throw failedBehind;
    }
    context.pendingError().throwIfAny();
  }

  /**
   * Ends all writes, and tries again with a full heap. If the heap stays full, the file is closed
   * all the same, and bytes on their way that no thread has begun to write are given up.
   *
   * @return the last failure; null if all writes have ended
   */
  private OutOfMemoryError endAllPatiently() {
    for (int tries = 1; ; tries++) {
      try {
        endAll();
        return null;
      } catch (OutOfMemoryError e) {
        if (tries == CLOSING_TRIES) {
          PendingWrites behind = context.node().pendingWrites();
          if (behind != null) {
            behind.abandon(context);
          }
          return e;
        }
        LockSupport.parkNanos(CLOSING_RETRY_NANOS);
      }
    }
  }

  private void endAll() {
    async.close(context.deadline().limit(GRACE_NANOS));
    reads.close();
    writes.flush();
    context.beginClosing();
    context.node().barrier();
    context.writeNotice().settle(); // Watchers are notified of the writes before the close.
    // Waits for requests that are about to end: otherwise the file could not be executed meanwhile,
    // and its watchers would not see it closed.
    context.descriptors().awaitUnused(LONGEST_CLOSING_MILLIS);
  }
}
