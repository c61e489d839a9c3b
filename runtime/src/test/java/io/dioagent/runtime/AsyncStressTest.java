package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chains of writes, each begun by the handler of the one before, beside threads that write too.
 * Meanwhile submissions get stuck, handlers block, and a file is closed.
 */
@Tag("engine")
class AsyncStressTest {
  private static final int BLOCK = 4096;
  private static final int CHAINS = 24;
  private static final int LINKS = 40;
  private static final int BLOCKS = CHAINS * LINKS;
  private static final int FILE_BYTES = BLOCKS * BLOCK;

  /** Longer than a reaping thread may be away. */
  private static final long STUCK_MILLIS = 80;

  private TestRuntime test;
  private final Phaser open = new Phaser(1);
  private final AtomicInteger failures = new AtomicInteger();

  @AfterEach
  void close() {
    test.close();
  }

  /** One file's chains: one block after the other, each written once. */
  private final class Chains {
    final DirectFile file;
    final AtomicIntegerArray begun = new AtomicIntegerArray(BLOCKS);
    final AtomicIntegerArray ended = new AtomicIntegerArray(BLOCKS);

    Chains(DirectFile file) {
      this.file = file;
    }

    /** Writes a block, and when that has ended the next one of its chain. */
    void write(int block) {
      WriteSource source = WriteSource.of(ByteBuffer.wrap(TestRuntime.bytes(BLOCK, block)));
      open.register();
      try {
        file.writeAsync(source, (long) block * BLOCK, (bytes, failure) -> ended(block, bytes));
        begun.incrementAndGet(block);
      } catch (IOException e) { // It is closed.
        open.arriveAndDeregister();
      }
    }

    private void ended(int block, long bytes) {
      ended.incrementAndGet(block);
      failures.addAndGet(bytes == BLOCK ? 0 : 1);
      try {
        if (block % 97 == 0) {
          TimeUnit.MILLISECONDS.sleep(STUCK_MILLIS);
        }
        if ((block + 1) % LINKS != 0) {
          write(block + 1);
        }
        if (block % 89 == 0) {
          awaitOneMore(block);
        }
      } catch (InterruptedException | IOException e) {
        failures.incrementAndGet();
      }
      open.arriveAndDeregister();
    }

    /** Writes the same block again from a handler, and waits for its end, as a handler may. */
    private void awaitOneMore(int block) throws IOException, InterruptedException {
      CountDownLatch over = new CountDownLatch(1);
      WriteSource source = WriteSource.of(ByteBuffer.wrap(TestRuntime.bytes(BLOCK, block)));
      try {
        file.writeAsync(source, (long) block * BLOCK, (bytes, failure) -> over.countDown());
      } catch (IOException e) {
        return; // It is closed.
      }
      failures.addAndGet(over.await(60, TimeUnit.SECONDS) ? 0 : 1);
    }

    void assertEachEndedOnce() {
      for (int i = 0; i < BLOCKS; i++) {
        assertEquals(begun.get(i), ended.get(i), "block " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void chainsBesideStuckSubmissions(int seed) throws Exception {
    test =
        TestRuntime.withFaults(
            "submit-block:for=" + STUCK_MILLIS + "ms:rate=0.005:seed=" + seed,
            "delay:for=3ms:rate=0.05:seed=" + (seed + 10),
            "short:rate=0.01:seed=" + (seed + 20));
    Chains kept = new Chains(test.openWritten("kept", FILE_BYTES, FilePolicy.DEFAULT));
    Chains closed = new Chains(test.openWritten("closed", FILE_BYTES, FilePolicy.DEFAULT));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int first = t;
      Thread thread =
          new Thread(
              () -> {
                for (int chain = first; chain < CHAINS; chain += 4) {
                  kept.write(chain * LINKS);
                  closed.write(chain * LINKS);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    closed.file.close();
    open.awaitAdvanceInterruptibly(open.arrive(), 60, TimeUnit.SECONDS);
    assertEquals(0, failures.get());
    kept.assertEachEndedOnce();
    closed.assertEachEndedOnce();
    assertTrue(closed.begun.get(0) == 1, "some were begun before it was closed");
    byte[] content = test.content("kept");
    for (int i = 0; i < BLOCKS; i++) {
      assertEquals(1, kept.ended.get(i), "block " + i);
      assertArrayEquals(
          TestRuntime.bytes(BLOCK, i),
          Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK),
          "block " + i);
    }
  }
}
