package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.Watchdog;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the due {@link WriteNotice}s of all files of one device: in rounds, by one thread that may
 * get stuck. Thread-safe.
 */
final class WriteNotices {
  /**
   * Longest wait of a close for a notice. Past it the close returns, and the notice follows when
   * the device allows.
   */
  static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Time between rounds: short for a watcher, long for a writer. */
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  /** A round with many files may take a twentieth of one CPU. */
  private static final int REST = 20;

  /**
   * Time for which an idle watchdog entry stays registered, as registering costs; past it, the next
   * notice registers another.
   */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final OpenFiles files;
  private final Device device;
  private final ConcurrentLinkedQueue<WriteNotice> due = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean lookingAfter = new AtomicBoolean();
  private final AtomicInteger running = new AtomicInteger();

  /** When the last one of those that run has begun or has ended, whichever is later. */
  private volatile long progressNanoTime;

  WriteNotices(OpenFiles files, Device device) {
    this.files = files;
    this.device = device;
  }

  // Called by the notices.

  /** A notice has left its state NONE. */
  void began() {
    files.pendingNotices().incrementAndGet();
  }

  /** A notice is in its state NONE again. */
  void over() {
    files.pendingNotices().decrementAndGet();
  }

  /** A notice is due; may have no memory for it. */
  void add(WriteNotice notice) {
    due.add(notice);
    if (!lookingAfter.get() && lookingAfter.compareAndSet(false, true)) {
      boolean begun = false;
      try {
        files.runtime().watchdog().add(new Rounds());
        begun = true;
      } finally {
        if (!begun) {
          lookingAfter.set(false);
        }
      }
    }
  }

  /** Runs a notice before the next round. Does not block. */
  void runNow(WriteNotice notice) {
    try {
      boolean unused = device.execute(notice, Limit.NOW); // If not, it is left to that.
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      Defects.log(Defects.At.SUBMITTER_START, null, e);
    }
  }

  void runs() {
    if (running.getAndIncrement() == 0) {
      progressNanoTime = System.nanoTime();
    }
  }

  void ran() {
    progressNanoTime = System.nanoTime();
    running.decrementAndGet();
  }

  /** Whether the device holds them up. */
  boolean areStuck() {
    return running.get() > 0 && System.nanoTime() - progressNanoTime > LONGEST_NANOS;
  }

  void reportUnnotified(String path, int errno) {
    if (files.isFirstUnnotified()) {
      System.err.println(
          "[dio-agent] watchers (inotify) are not notified of writes that go direct to "
              + path
              + ": utimensat and fallocate say "
              + Errno.name(errno));
    }
  }

  /** Starts a round from time to time. */
  private final class Rounds implements Watchdog.Ward, Runnable {
    private final AtomicBoolean inRound = new AtomicBoolean();
    private volatile long nextNanoTime = System.nanoTime() + BETWEEN_NANOS;
    private long busyNanoTime = System.nanoTime();

    @Override
    public boolean check() {
      long now = System.nanoTime();
      if (inRound.get() || !due.isEmpty()) {
        busyNanoTime = now;
        if (now - nextNanoTime >= 0 && inRound.compareAndSet(false, true)) {
          start(now);
        }
        return false;
      }
      if (now - busyNanoTime < LINGER_NANOS) {
        return false;
      }
      lookingAfter.set(false);
      // Another one is on already if this does not succeed.
      return due.isEmpty() || !lookingAfter.compareAndSet(false, true);
    }

    private void start(long now) {
      boolean started = false;
      try {
        started = device.execute(this, Limit.NOW);
      } catch (OutOfMemoryError e) {
        nextNanoTime = now + BETWEEN_NANOS * REST;
      } catch (RejectedExecutionException e) {
        for (WriteNotice notice; (notice = due.poll()) != null; ) {
          notice.giveUp(); // The runtime is closed.
        }
      } finally {
        if (!started) {
          inRound.set(false);
        }
      }
    }

    @Override
    public void run() {
      long start = System.nanoTime();
      try {
        for (int left = due.size(); left > 0; left--) {
          WriteNotice notice = due.poll();
          if (notice != null) {
            notice.run();
          }
        }
      } finally {
        long end = System.nanoTime();
        nextNanoTime = end + Math.max(BETWEEN_NANOS, (end - start) * REST);
        inRound.set(false);
      }
    }
  }
}
