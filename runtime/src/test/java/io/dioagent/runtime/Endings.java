package io.dioagent.runtime;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.WriteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asynchronous writes of a test, with the result of each. Thread-safe. */
final class Endings {
  static final Duration LONG = Duration.ofSeconds(60);

  private final List<One> all = new CopyOnWriteArrayList<>();

  /** The result of one write, if it has ended. */
  static final class One implements Ended {
    private final List<String> endings = new ArrayList<>();
    private long bytes;
    private IOException failure;
    private Thread by;

    @Override
    public synchronized void ended(long endBytes, IOException endFailure) {
      bytes = endBytes;
      failure = endFailure;
      by = Thread.currentThread();
      endings.add(endBytes + ", " + endFailure);
      notifyAll();
    }

    synchronized boolean isOver() {
      return !endings.isEmpty();
    }

    /** Waits for the result; fails if there were several. */
    private synchronized void await() throws InterruptedException {
      long until = System.nanoTime() + LONG.toNanos();
      while (endings.isEmpty()) {
        if (System.nanoTime() - until > 0) {
          throw new AssertionError("a write did not end within " + LONG);
        }
        wait(100);
      }
      check();
    }

    synchronized void check() {
      if (endings.size() > 1) {
        throw new AssertionError("ended more than once: " + endings);
      }
    }

    long bytes() throws InterruptedException {
      await();
      if (failure != null) {
        throw new AssertionError("failed, expected to be written", failure);
      }
      return bytes;
    }

    IOException failure() throws InterruptedException {
      await();
      if (failure == null) {
        throw new AssertionError(bytes + " bytes, expected a failure");
      }
      return failure;
    }

    /** Returns bytes, or a negative number for a failure. */
    long outcome() throws InterruptedException {
      await();
      return failure == null ? bytes : -1;
    }

    Thread by() throws InterruptedException {
      await();
      return by;
    }
  }

  One write(DirectFile file, byte[] bytes, long position) throws IOException {
    return write(file, WriteSource.of(ByteBuffer.wrap(bytes)), position);
  }

  One write(DirectFile file, WriteSource source, long position) throws IOException {
    One one = new One();
    file.writeAsync(source, position, one);
    all.add(one);
    return one;
  }

  /** Waits until all have ended. */
  void await() throws InterruptedException {
    for (One one : all) {
      one.await();
    }
  }

  /** Checks that no write has ended more than once so far. */
  void check() {
    all.forEach(One::check);
  }
}
