package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes of several threads, and of an interrupted one. */
@Tag("engine")
class ConcurrentWritesTest {
  private static final int MIB = 1 << 20;

  private TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheWrite() throws Exception {
    DirectFile file = test.open("f");
    Thread.currentThread().interrupt();
    assertEquals(10_000, TestRuntime.write(file, TestRuntime.bytes(10_000, 1), 0));
    assertEquals(8192, TestRuntime.write(file, TestRuntime.bytes(8192, 1), 0));
    assertTrue(Thread.interrupted());
    CompletableFuture<Boolean> kept = new CompletableFuture<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 100; i++) {
                  TestRuntime.write(file, new byte[5000], 5000L * i);
                }
                kept.complete(Thread.currentThread().isInterrupted());
              } catch (IOException | RuntimeException e) {
                kept.completeExceptionally(e);
              }
            });
    writer.start();
    writer.interrupt();
    writer.join();
    assertTrue(kept.get());
  }

  @Test
  void concurrentWritersOnOneFile() throws Exception {
    int slice = MIB;
    int writers = 8;
    DirectFile file = test.openWritten("f", slice * writers / 2, FilePolicy.DEFAULT);
    byte[] model = new byte[slice * writers];
    runAll(
        writers,
        number -> {
          Random random = new Random(number);
          for (int i = 0; i < 25; i++) {
            int length = 1 + random.nextInt(200_000);
            int at = random.nextInt(slice - length);
            if (i % 2 == 0) {
              at &= -4096;
              length = Math.max(4096, length & -4096);
            }
            byte[] bytes = TestRuntime.bytes(length, number * 1000L + i);
            System.arraycopy(bytes, 0, model, number * slice + at, length);
            assertEquals(length, TestRuntime.write(file, bytes, (long) number * slice + at));
          }
          TestRuntime.write(file, new byte[] {1}, (number + 1L) * slice - 1);
          model[(number + 1) * slice - 1] = 1;
        });
    assertArrayEquals(model, test.content("f"));
  }

  @Test
  void concurrentWritersOnManyFiles() throws Exception {
    runAll(
        8,
        number -> {
          byte[] model = new byte[400_000];
          Random random = new Random(number);
          try (DirectFile file =
              test.runtime.open(
                  test.path("f" + number), FilePolicy.DEFAULT, StandardOpenOption.CREATE)) {
            for (int i = 0; i < 20; i++) {
              int length = 1 + random.nextInt(100_000);
              int at = random.nextInt(model.length - length);
              byte[] bytes = TestRuntime.bytes(length, number * 1000L + i);
              System.arraycopy(bytes, 0, model, at, length);
              assertEquals(length, TestRuntime.write(file, bytes, at));
            }
          }
          byte[] content = test.content("f" + number);
          assertArrayEquals(Arrays.copyOf(model, content.length), content);
        });
  }

  private interface Work {
    void run(int number) throws Exception;
  }

  private static void runAll(int threads, Work work) throws Exception {
    CompletableFuture<?>[] done = new CompletableFuture<?>[threads];
    for (int i = 0; i < threads; i++) {
      int number = i;
      CompletableFuture<Void> one = new CompletableFuture<>();
      done[i] = one;
      new Thread(
              () -> {
                try {
                  work.run(number);
                  one.complete(null);
                } catch (Exception | AssertionError e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    CompletableFuture.allOf(done).get(60, TimeUnit.SECONDS);
  }

  /** The smallest sizes that the options allow still work. */
  @Test
  void theSmallestRuntimeWrites() throws Exception {
    byte[] bytes = TestRuntime.bytes(20_000, 1);
    try (DirectRuntime smallest =
            DirectRuntime.start(new RuntimeOptions(1, 4096, 4096), EventSink.none());
        DirectFile file =
            smallest.open(test.path("f"), FilePolicy.DEFAULT, StandardOpenOption.CREATE)) {
      for (long position : new long[] {4096, 100}) {
        CompletableFuture<Long> written = new CompletableFuture<>();
        Thread writer =
            new Thread(
                () -> {
                  try {
                    written.complete(TestRuntime.write(file, bytes, position));
                  } catch (IOException | RuntimeException e) {
                    written.completeExceptionally(e);
                  }
                });
        writer.setDaemon(true);
        writer.start();
        assertEquals(20_000, written.get(60, TimeUnit.SECONDS));
        int from = (int) position;
        assertArrayEquals(bytes, Arrays.copyOfRange(test.content("f"), from, from + 20_000));
      }
    }
  }
}
