package io.dioagent.bench.io;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Samples how much of a file is cached, from now on, even before the file exists. */
public final class CacheWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 2;
  private static final int NONE = -1;
  private static final int NO_SUCH_FILE = 2;

  private final Path file;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  /** Ends only if a sample fails. */
  private Future<?> samples;

  // Guarded by the monitor.
  private int descriptor = NONE;
  private long mostBytes;
  private boolean closed;

  private CacheWatch(Path file) {
    this.file = file;
  }

  /** Starts a watch with a thread of its own. */
  public static CacheWatch start(Path file) {
    CacheWatch watch = new CacheWatch(file);
    watch.samples =
        watch.thread.scheduleWithFixedDelay(
            watch::bytes, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** Returns how many bytes are in cached pages; 0 if there is no such file, or after the close. */
  public synchronized long bytes() {
    if (closed || (descriptor == NONE && !opened())) {
      return 0;
    }
    long bytes = PageCache.cachedBytes(descriptor);
    mostBytes = Math.max(mostBytes, bytes);
    return bytes;
  }

  /** Returns the largest sample. */
  public synchronized long mostBytes() {
    if (samples.isDone()) {
      throw new IllegalStateException("a sample of the page cache has failed");
    }
    return mostBytes;
  }

  private boolean opened() {
    try {
      descriptor = PageCache.open(file);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == NO_SUCH_FILE) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    synchronized (this) {
      closed = true;
      if (descriptor != NONE) {
        PageCache.close(descriptor);
      }
    }
  }
}
