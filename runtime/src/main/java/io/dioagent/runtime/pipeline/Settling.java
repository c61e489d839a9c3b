package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.FileNodes;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.linux.ErrnoException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for the chunks of one file: for their end, or for room for one more.
 *
 * <p>Thread-safe: the last writer is volatile; waits are on the monitor of {@link ChunkQueue}.
 */
final class Settling {
  /** Longest time that a waiting thread sleeps; past it, it looks for overdue writes. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * Time after the deadline by which all writes have ended, unless a writer is stuck in reading its
   * source; past it, a wait ends.
   */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ChunkQueue queue;
  private final Draining draining;
  private final FileNode node;
  private final OpenFiles files;

  /** The file of the last write; null before the first one. */
  private volatile FileContext lastFile;

  Settling(ChunkQueue queue, Draining draining, FileNode node, OpenFiles files) {
    this.queue = queue;
    this.draining = draining;
    this.node = node;
    this.files = files;
  }

  /** A write of a file begins. */
  void wrote(FileContext file) {
    lastFile = file;
  }

  /**
   * Waits until all bytes taken so far are in the file, or their error is recorded; until their
   * deadline at most, unless the policy is to wait on. Writes them itself if there is no drainer.
   */
  void settle() {
    if (queue.hasPending()) {
      barrier();
    }
  }

  /**
   * As {@link #settle()}, and for writes that are just beginning, too: for a caller that has
   * changed a state that they check first.
   */
  void barrier() {
    settle(queue.sealAll());
  }

  /**
   * Waits as {@link #settle()} does if a read of a range could see pending bytes: in the range, or
   * by the file's length.
   */
  void settle(long offset, long lengthBytes) {
    if (!queue.hasPending()) {
      return;
    }
    long end = lengthBytes > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + lengthBytes;
    boolean overlaps = false;
    long pendingEnd = 0;
    FileContext file = null;
    synchronized (queue) {
      for (Chunk chunk : queue.pending()) {
        overlaps |= chunk.offset() < end && offset < chunk.endOffset();
        pendingEnd = Math.max(pendingEnd, chunk.endOffset());
        file = chunk.file();
      }
    }
    if (overlaps || (file != null && endsBefore(file, Math.min(end, pendingEnd)))) {
      settle();
    }
  }

  /**
   * Whether the file still ends before an offset, so that a read up to there would be short. Asks
   * the kernel, as another process may have truncated it, by opening it as well.
   */
  private static boolean endsBefore(FileContext file, long offset) {
    if (!file.descriptors().enter()) {
      return true; // It is being closed, which waits for pending writes.
    }
    try {
      return file.descriptors().sizeBytes() < offset;
    } catch (ErrnoException e) {
      return true;
    } finally {
      file.descriptors().leave();
    }
  }

  private void settle(long target) {
    long most = longestDeadlineNanos() + GRACE_NANOS;
    Limit limit = new Patience().limit(() -> most, queue::whyPending);
    boolean unused = awaitUntil(() -> !queue.isPending(target), limit);
    draining.drainSoon();
  }

  /** Over the open files and the last writer, which may be closed. */
  private long longestDeadlineNanos() {
    FileContext last = lastFile;
    long open = files.nodes().longestDeadlineNanos(node);
    return last == null ? open : Math.max(open, FileNodes.longestNanos(last.policy()));
  }

  void abandon(FileContext file) {
    file.beginClosing(); // The close may have failed before it came so far.
    for (Chunk chunk; (chunk = queue.pollUnbegun(file)) != null; ) {
      // Recorded before any thread can see that it has ended.
      files.nodes().record(node, PreparedFailures.outOfMemory());
      node.changed();
      chunk.release();
      queue.endedUnbegun();
    }
    awaitBegun(file);
  }

  private void awaitBegun(FileContext file) {
    long until = System.nanoTime() + file.policy().deadline().toNanos() + GRACE_NANOS;
    boolean interrupted = false;
    synchronized (queue) {
      for (long left; queue.isWriting(file) && (left = until - System.nanoTime()) > 0; ) {
        interrupted |= Waits.onMonitor(queue, left);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** By the writer whose turn it is. False if the limit came first. */
  boolean awaitRoom(Limit limit) {
    return awaitUntil(() -> !queue.isCrowded(), limit);
  }

  /**
   * Waits for a condition, which is evaluated under the monitor; an interrupt does not end the
   * wait.
   *
   * @return false if the limit came first
   */
  private boolean awaitUntil(BooleanSupplier condition, Limit limit) {
    boolean interrupted = false;
    try {
      while (true) {
        long left;
        long seen;
        synchronized (queue) {
          if (condition.getAsBoolean()) {
            return true;
          }
          left = limit.leftNanos();
          seen = queue.changes();
        }
        if (left <= 0) {
          return false;
        }
        interrupted |= awaitChange(seen, left);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits for a change, or writes chunks itself if there is no drainer. An interrupt does not end
   * the wait.
   *
   * @param seen {@link ChunkQueue#changes} when the caller last looked
   * @return whether the thread was interrupted
   */
  private boolean awaitChange(long seen, long longestNanos) {
    if (draining.drainIfIdle()) {
      return false;
    }
    boolean interrupted = false;
    boolean changed;
    synchronized (queue) {
      if (queue.changes() == seen) {
        interrupted = Waits.onMonitor(queue, Math.min(LOOK_NANOS, longestNanos));
      }
      changed = queue.changes() != seen;
    }
    if (!changed && !interrupted) {
      draining.giveUpOverdue();
    }
    return interrupted;
  }
}
