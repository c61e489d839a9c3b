package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contexts and threads of asynchronous writes to many files and from many threads. */
@Tag("engine")
class AsyncThreadsTest {
  private static final int BLOCK = 4096;
  private static final int MIB = 1 << 20;

  private TestRuntime test = new TestRuntime();
  private final Endings endings = new Endings();

  @AfterEach
  void close() {
    endings.check();
    test.close();
  }

  private void restart(RuntimeOptions options, java.util.function.UnaryOperator<AioEngine> around) {
    test.close();
    test = new TestRuntime(options, around);
  }

  private void assertContent(String name, byte[] expected, int offset) throws IOException {
    assertArrayEquals(
        expected, Arrays.copyOfRange(test.content(name), offset, offset + expected.length));
  }

  /** One engine for all contexts, which counts them. */
  private static final class CountingEngine implements AioEngine {
    private final AioEngine engine;
    final AtomicInteger contexts = new AtomicInteger();
    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicInteger mostInFlight = new AtomicInteger();
    final Set<Thread> submitters = ConcurrentHashMap.newKeySet();

    /** True to refuse RWF_NOWAIT, as old kernels do. */
    volatile boolean refusesNowait;

    CountingEngine(AioEngine engine) {
      this.engine = engine;
    }

    @Override
    public AioContext open(int depth) throws AioUnavailableException {
      contexts.incrementAndGet();
      return new WrappedContext(engine.open(depth)) {
        @Override
        public boolean honoursNowait() {
          return false;
        }

        @Override
        public int submit(Submissions batch, int first, int count) {
          submitters.add(Thread.currentThread());
          if (refusesNowait && (batch.rwFlags(batch.slot(first)) & Linux.RWF_NOWAIT) != 0) {
            return -Errno.EOPNOTSUPP;
          }
          int now = inFlight.addAndGet(count);
          mostInFlight.accumulateAndGet(now, Math::max);
          int taken = super.submit(batch, first, count);
          inFlight.addAndGet(Math.max(0, taken) - count);
          return taken;
        }

        @Override
        public int reap(Completions batch, int min, long timeoutNanos) {
          int came = super.reap(batch, min, timeoutNanos);
          inFlight.addAndGet(-Math.max(0, came));
          return came;
        }
      };
    }

    @Override
    public PageCache pageCache() {
      return engine.pageCache();
    }
  }

  private CountingEngine restartCounting() {
    CountingEngine[] made = new CountingEngine[1];
    restart(RuntimeOptions.DEFAULT, engine -> made[0] = new CountingEngine(engine));
    return made[0];
  }

  /** 100 files and 1,000 writes: one more context, and one thread that submits. */
  @Test
  void oneContextForAllFilesOfADevice() throws Exception {
    CountingEngine engine = restartCounting();
    List<DirectFile> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(test.openWritten("f" + i, 10 * BLOCK, FilePolicy.DEFAULT));
    }
    // Adopted files have their direct descriptors, so that no write needs a thread.
    for (int block = 0; block < 10; block++) {
      for (DirectFile file : files) {
        endings.write(file, TestRuntime.bytes(BLOCK, block), (long) block * BLOCK);
      }
    }
    endings.await();
    // A write that the kernel refuses without waiting, because it has a page cached, uses a
    // thread's context.
    assertTrue(engine.contexts.get() < 10, engine.contexts + " contexts");
    assertTrue(engine.submitters.size() < 10, engine.submitters.toString());
    assertTrue(engine.mostInFlight.get() > 1, engine.mostInFlight + " in flight");
    assertEquals(1000L * BLOCK, test.statistics().directBytes());
    for (int i = 0; i < 100; i++) {
      assertContent("f" + i, TestRuntime.bytes(BLOCK, 9), 9 * BLOCK);
    }
  }

  /** The lane works without RWF_NOWAIT if the kernel does not have it. */
  @Test
  void withoutNowait() throws Exception {
    CountingEngine engine = restartCounting();
    engine.refusesNowait = true;
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    assertEquals(BLOCK, endings.write(file, TestRuntime.bytes(BLOCK, 0), 0).bytes());
    int before = engine.submitters.size();
    for (int i = 1; i < 100; i++) {
      endings.write(file, TestRuntime.bytes(BLOCK, i), (long) i * BLOCK);
    }
    endings.await();
    for (int i = 0; i < 100; i++) {
      assertContent("f", TestRuntime.bytes(BLOCK, i), i * BLOCK);
    }
    int after = engine.submitters.size();
    assertTrue(after <= before + 1, before + " and " + after + ": the submitter and the reaper");
  }

  /**
   * 10,000 writes from 8 threads, whole blocks and unaligned ones, some extending, on three files.
   */
  @Test
  void manyFromManyThreads() throws Exception {
    int threads = 8;
    int each = 1250;
    List<DirectFile> files =
        List.of(
            test.openWritten("f0", 8 * MIB, FilePolicy.DEFAULT),
            test.openWritten("f1", 8 * MIB, FilePolicy.DEFAULT),
            test.open("f2"));
    byte[][] expected = new byte[3][threads * each * BLOCK];
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> writers = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      int first = t * each;
      Thread writer =
          new Thread(
              () -> {
                try {
                  go.await();
                  Random random = new Random(first);
                  for (int i = first; i < first + each; i++) {
                    // Mostly whole blocks; a twentieth unaligned, a hundredth to the growing file.
                    int kind = random.nextInt(100);
                    int file = kind == 0 ? 2 : i & 1;
                    int block = file == 2 ? i : i % 2048;
                    if (file != 2 && i >= 2048) {
                      // Overwrites an earlier write: in any order, so the bytes are the same.
                      kind = 99;
                    }
                    int length = kind > 0 && kind < 6 ? 1 + random.nextInt(BLOCK - 1) : BLOCK;
                    byte[] bytes = Arrays.copyOf(TestRuntime.bytes(BLOCK, block), length);
                    synchronized (expected[file]) {
                      System.arraycopy(bytes, 0, expected[file], block * BLOCK, length);
                    }
                    endings.write(files.get(file), bytes, (long) block * BLOCK);
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
      writers.add(writer);
      writer.start();
    }
    go.countDown();
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(List.of(), failures);
    endings.await();
    test.awaitSettled();
    for (int i = 0; i < 3; i++) {
      byte[] content = test.content("f" + i);
      assertArrayEquals(Arrays.copyOf(expected[i], content.length), content, "f" + i);
    }
    long most = (long) threads * each * BLOCK;
    assertTrue(test.statistics().directBytes() > most / 2, test.statistics().toString());
    assertEquals(0, test.statistics().errors());
  }

  /** The number of waiting threads is bounded, for any number of writes. */
  @Test
  void fewThreadsForManyOddWrites() throws Exception {
    // Includes those of closed runtimes that have not ended yet.
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    DirectFile file = test.openWritten("f", 8 * MIB, FilePolicy.DEFAULT);
    for (int i = 0; i < 2000; i++) {
      endings.write(file, new byte[] {(byte) (i % 100 + 1)}, (long) i * BLOCK + 1);
    }
    int most = 0;
    boolean over = false;
    while (!over) {
      int count = 0;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        count += thread.getName().startsWith("dio-") && !before.contains(thread) ? 1 : 0;
      }
      most = Math.max(most, count);
      over = test.statistics().writes() >= 2000;
      Thread.sleep(5);
    }
    endings.await();
    // At most 8 writes of a file wait, each for a submitter thread. The device has more threads,
    // and so has an engine whose callers submit through its own threads.
    int bound = TestRuntime.callersSubmit() ? 104 : 40;
    assertTrue(most <= bound, most + " threads of the runtime's");
    byte[] content = test.content("f");
    for (int i = 0; i < 2000; i++) {
      assertEquals(i % 100 + 1, content[i * BLOCK + 1], "byte " + i);
    }
  }

  /** Threads end by themselves when the runtime is closed, and the last context with them. */
  @Test
  void nothingIsLeftBehind() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    Thread reaper = endings.write(file, new byte[BLOCK], 0).by();
    test.close();
    reaper.join(Duration.ofSeconds(60).toMillis());
    assertFalse(reaper.isAlive(), reaper + " is still there");
    test = new TestRuntime();
  }
}
