package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writers, barriers, forces, openings and closings of the same files at once, in so little memory
 * that they take it from each other. A caller that has waited finds its bytes in the file, and
 * nothing is left in the end. Seeded; the order of the threads is the machine's.
 */
class PipelineStressTest {
  private static final int STRIPE_BYTES = 40_000;
  private static final int STRIPES = 3;
  private static final int FILES = 6;
  private static final int ROUNDS = 400;
  private static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
  private static final RuntimeOptions LITTLE_MEMORY = new RuntimeOptions(4, 16384, 128 << 10);

  private static void run(List<Callable<Void>> tasks) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (Callable<Void> task : tasks) {
        all.add(pool.submit(task));
      }
      for (Future<Void> one : all) {
        one.get(180, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** One thread's part of a file; only this thread writes its bytes. */
  private static final class Stripe implements Callable<Void> {
    private final TestRuntime test;
    private final String name;
    private final long offset;
    private final byte[] model = new byte[STRIPE_BYTES];
    private final Random random;

    Stripe(TestRuntime test, String name, int index, long seed) {
      this.test = test;
      this.name = name;
      offset = (long) index * STRIPE_BYTES;
      random = new Random(seed);
    }

    @Override
    public Void call() throws Exception {
      DirectFile file = open();
      try (FileChannel reader = FileChannel.open(test.path(name), StandardOpenOption.READ)) {
        int at = 0;
        for (int i = 0; i < ROUNDS; i++) {
          int length = Math.min(STRIPE_BYTES - at, 1 + random.nextInt(6000));
          byte[] bytes = TestRuntime.bytes(length, random.nextLong());
          assertEquals(length, TestRuntime.write(file, bytes, offset + at));
          System.arraycopy(bytes, 0, model, at, length);
          at = random.nextInt(10) == 0 ? random.nextInt(STRIPE_BYTES) : at + length;
          at = at >= STRIPE_BYTES ? 0 : at;
          switch (random.nextInt(12)) {
            case 0 -> {
              file.settle();
              check(reader, 0, STRIPE_BYTES);
            }
            case 1 -> {
              int from = random.nextInt(STRIPE_BYTES);
              int count = random.nextInt(STRIPE_BYTES - from);
              file.settle(offset + from, count);
              check(reader, from, count);
            }
            case 2 -> {
              file.force(false);
              check(reader, 0, STRIPE_BYTES);
            }
            case 3 -> {
              test.runtime.settlePath(test.path(name).toString());
              check(reader, 0, STRIPE_BYTES);
            }
            case 4 -> {
              file.close();
              check(reader, 0, STRIPE_BYTES);
              file = open();
            }
            case 5 -> {
              FileHold mapped = file.keepSynchronous();
              check(reader, 0, STRIPE_BYTES);
              mapped.close();
            }
            default -> {}
          }
        }
      } finally {
        file.close();
      }
      return null;
    }

    private DirectFile open() throws IOException {
      return test.runtime.open(test.path(name), PIPELINED, StandardOpenOption.CREATE);
    }

    private void check(FileChannel reader, int from, int count) throws IOException {
      ByteBuffer now = ByteBuffer.allocate(count);
      for (int n = 0; n >= 0 && now.hasRemaining(); ) {
        n = reader.read(now, offset + from + now.position());
      }
      // Zeros behind the end of the file are not there yet.
      assertArrayEquals(Arrays.copyOfRange(model, from, from + count), now.array(), name);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCallerThatHasWaitedFindsItsBytes(long seed) throws Exception {
    try (TestRuntime test = new TestRuntime(LITTLE_MEMORY)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int file = 0; file < FILES; file++) {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
          String name = "f" + file;
          if (stripe == 0) {
            Files.createFile(test.path(name));
          }
          tasks.add(new Stripe(test, name, stripe, seed * 1000 + file * 10L + stripe));
        }
      }
      AtomicBoolean over = new AtomicBoolean();
      Thread others =
          new Thread(
              () -> {
                while (!over.get()) {
                  test.runtime.settleAll();
                }
              });
      others.start();
      try {
        run(tasks);
      } finally {
        over.set(true);
        others.join();
      }
      assertFalse(test.runtime.hasPending());
      assertEquals(0, test.statistics().lost());
      assertEquals(0, test.statistics().errors());
    }
  }

  /**
   * A write that has returned is in the file when close returns; otherwise the write reports that
   * the file is closed.
   */
  @Test
  void writesAgainstClose() throws Exception {
    try (TestRuntime test = new TestRuntime(LITTLE_MEMORY)) {
      Random random = new Random(5);
      for (int i = 0; i < 300; i++) {
        Files.deleteIfExists(test.path("f"));
        DirectFile file = test.open("f", PIPELINED);
        AtomicInteger returned = new AtomicInteger();
        byte[] bytes = TestRuntime.bytes(3000, i);
        CompletableFuture<Void> writer =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    while (true) {
                      TestRuntime.write(file, bytes, returned.get() * 3000L);
                      returned.incrementAndGet();
                    }
                  } catch (IOException e) {
                    assertEquals("the file is closed: " + test.path("f"), e.getMessage());
                  }
                });
        Thread.sleep(0, random.nextInt(1_000_000));
        file.close();
        long sizeBytes = Files.size(test.path("f"));
        writer.get(60, TimeUnit.SECONDS);
        // A write that met the close may have been taken in part.
        assertEquals(returned.get(), sizeBytes / 3000, "round " + i + ": " + sizeBytes);
      }
    }
  }

  /**
   * Errors, lost and late completions: each request that fails is reported, and no thread hangs.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eio:rate=0.05:seed=1",
        "late:rate=0.02:for=500ms:seed=2",
        "submit-block:rate=0.01:for=500ms:seed=3",
        "short:rate=0.2:seed=4"
      })
  void faults(String fault) throws Exception {
    try (TestRuntime test = TestRuntime.withFaults(new RuntimeOptions(4, 16384, 1 << 20), fault)) {
      boolean fails = !fault.startsWith("short");
      FilePolicy policy = PIPELINED.withDeadline(Duration.ofMillis(fails ? 200 : 60_000));
      AtomicInteger thrown = new AtomicInteger();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        DirectFile file = test.openWritten("f" + i, STRIPE_BYTES, policy);
        for (int stripe = 0; stripe < 2; stripe++) {
          Random random = new Random(i * 2L + stripe);
          tasks.add(
              () -> {
                for (int round = 0; round < 200; round++) {
                  try {
                    int length = 1 + random.nextInt(6000);
                    int at = random.nextInt(STRIPE_BYTES) & -random.nextInt(2) * 4096;
                    TestRuntime.write(file, TestRuntime.bytes(length, round), at);
                    if (random.nextInt(5) == 0) {
                      file.force(false);
                    }
                  } catch (IOException e) {
                    thrown.incrementAndGet();
                  }
                }
                return null;
              });
        }
      }
      run(tasks);
      test.runtime.settleAll();
      assertFalse(test.runtime.hasPending());
      for (int i = 0; i < FILES; i++) {
        int fd = test.descriptor(test.path("f" + i), Linux.O_RDWR);
        DirectFile again = test.adopt(fd, policy);
        again.force(false); // Opened after all errors: it gets none of them.
      }
      long failed = test.events.all(Failed.class).size() + test.statistics().lost();
      if (fails) {
        assertTrue(thrown.get() > 0 && thrown.get() <= failed, thrown + " of " + failed);
      } else {
        assertEquals(0, thrown.get(), "errors");
      }
      // The last failure is still to be thrown, by close.
      test.expectErrorsAtClose();
    }
  }
}
