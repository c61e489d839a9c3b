package io.dioagent.runtime.file;

import io.dioagent.runtime.device.Watchdog;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the descriptors that {@link LateCloses} keep, over all files, and checks from time to time
 * whether they can be closed. Thread-safe.
 */
public final class KeptDescriptors {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileNodes nodes;
  private final Watchdog watchdog;
  private final Executor threads;
  private final AtomicInteger files = new AtomicInteger();
  private final AtomicBoolean lookingAfter = new AtomicBoolean();

  /**
   * Without any.
   *
   * @param threads may get stuck
   */
  KeptDescriptors(FileNodes nodes, Watchdog watchdog, Executor threads) {
    this.nodes = nodes;
    this.watchdog = watchdog;
    this.threads = threads;
  }

  /** How many opened files have descriptors that are kept. One volatile read. */
  public int count() {
    return files.get();
  }

  /** Descriptors of an opened file are kept. */
  void added() {
    files.incrementAndGet();
    if (lookingAfter.compareAndSet(false, true)) {
      try {
        watchdog.add(new Look());
      } catch (RuntimeException | Error e) {
        lookingAfter.set(false); // The next one tries again; and the application's close comes.
      }
    }
  }

  /** They are closed. */
  void removed() {
    files.decrementAndGet();
  }

  private void closeUnlocked() {
    for (FileNode node : nodes.all()) {
      node.lateCloses().closeUnlocked();
    }
  }

  /** Closes descriptors of files that are not locked any more, by a thread that may get stuck. */
  private final class Look implements Watchdog.Ward, Runnable {
    private final AtomicBoolean running = new AtomicBoolean();
    private long nextNanoTime = System.nanoTime() + LOOK_NANOS;

    @Override
    public boolean check() {
      if (count() == 0) {
        lookingAfter.set(false);
        return count() == 0 || !lookingAfter.compareAndSet(false, true);
      }
      if (System.nanoTime() - nextNanoTime >= 0 && running.compareAndSet(false, true)) {
        nextNanoTime = System.nanoTime() + LOOK_NANOS;
        try {
          threads.execute(this);
        } catch (RejectedExecutionException e) {
          run(); // The runtime is closed.
        } catch (OutOfMemoryError e) {
          running.set(false);
        }
      }
      return false;
    }

    @Override
    public void run() {
      try {
        closeUnlocked();
      } finally {
        running.set(false);
      }
    }
  }
}
