package io.dioagent.agent.host.soak;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Disturbs the workers: a heap that fills up, collections, interrupts, damage. */
final class Disturbances {
  private static final int LARGE_BYTES = 1 << 20;
  private static final int SMALL_BYTES = 16;
  private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** With the time that it takes to fill it: near its end each allocation takes a collection. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ending;

  /** A heap that fills up, and is full for some seconds, again and again. */
  void fillHeap(long everyMillis) {
    add("soak-heap", () -> fillAndFree(everyMillis));
  }

  private void fillAndFree(long everyMillis) throws InterruptedException {
    Thread.sleep(everyMillis);
    Object[] held = null;
    long until = System.nanoTime() + LONGEST_NANOS;
    int size = LARGE_BYTES;
    try {
      while (System.nanoTime() - until < 0 && !ending) {
        try {
          held = new Object[] {held, new byte[size]};
        } catch (OutOfMemoryError e) {
          if (size > SMALL_BYTES && size / 8 <= SMALL_BYTES) {
            until = System.nanoTime() + FULL_NANOS;
          }
          size = Math.max(SMALL_BYTES, size / 8);
        }
      }
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  /** Full collections. */
  void collect(long everyMillis) {
    add(
        "soak-collections",
        () -> {
          Thread.sleep(everyMillis);
          System.gc();
        });
  }

  /** Interrupts of one worker after the other. */
  void interrupt(List<? extends Worker> workers, SplittableRandom random, long everyMillis) {
    add(
        "soak-interrupts",
        () -> {
          Thread.sleep(random.nextLong(2 * everyMillis));
          Thread thread = workers.get(random.nextInt(workers.size())).thread();
          if (thread != null) {
            thread.interrupt();
          }
        });
  }

  /** Flips a byte of a file behind its worker's back: the run has to see it. */
  void damage(List<Path> files, SplittableRandom random, long everyMillis) {
    add(
        "soak-damage",
        () -> {
          Thread.sleep(everyMillis);
          Path file = files.get(random.nextInt(files.size()));
          try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            if (channel.size() > 0 && channel.read(one, channel.size() / 2) == 1) {
              one.put(0, (byte) ~one.get(0)).flip();
              int unused = channel.write(one, channel.size() / 2);
            }
          } catch (IOException e) {
            // It is being made anew.
          }
        });
  }

  private interface Disturbance {
    void once() throws InterruptedException;
  }

  private void add(String name, Disturbance disturbance) {
    Thread thread =
        new Thread(
            () -> {
              while (!ending) {
                try {
                  disturbance.once();
                } catch (InterruptedException e) {
                  return;
                } catch (OutOfMemoryError e) {
                  // A disturbance is meant to exhaust the heap.
                }
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  /** Ends all of them. The heap may be full until then. */
  void stopAll() throws InterruptedException {
    ending = true;
    for (boolean stopped = false; !stopped; ) {
      try {
        stop();
        stopped = true;
      } catch (OutOfMemoryError e) {
        // Until the one that fills it has ended.
      }
    }
  }

  private void stop() throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
