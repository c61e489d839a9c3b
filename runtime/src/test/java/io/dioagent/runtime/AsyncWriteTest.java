package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.Endings.One;
import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asynchronous writes to files: what is written, where, and by how many threads. */
@Tag("engine")
class AsyncWriteTest {
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

  /** One engine for all contexts, that counts. */
  private static final class CountingEngine implements AioEngine {
    private final AioEngine engine;
    final AtomicInteger contexts = new AtomicInteger();
    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicInteger mostInFlight = new AtomicInteger();
    final Set<Thread> submitters = ConcurrentHashMap.newKeySet();

    /** What the kernel does of old: no RWF_NOWAIT. */
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

  @Test
  void wholeBlocksGoDirectAndEndOnceEach() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    List<One> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(endings.write(file, TestRuntime.bytes(BLOCK, i), (long) i * BLOCK));
    }
    for (int i = 0; i < 64; i++) {
      assertEquals(BLOCK, all.get(i).bytes());
      assertContent("f", TestRuntime.bytes(BLOCK, i), i * BLOCK);
    }
    assertEquals(64, test.statistics().writes());
    assertEquals(64 * BLOCK, test.statistics().directBytes());
    assertEquals(0, test.statistics().bufferedBytes());
    for (WriteEnded one : test.events.all(WriteEnded.class)) {
      assertEquals(BLOCK, one.result());
      // What the kernel will not do without waiting, where it has a page cached, is tried again.
      assertTrue(one.ios() == 1 || one.ios() == 2, one.toString());
      assertEquals(0, one.request().offset() % BLOCK);
    }
  }

  @Test
  void anyOffsetAndLength() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    byte[] expected = new byte[MIB + 3 * BLOCK + 5];
    int[][] ranges = {
      {1, 1},
      {100, 4000},
      {BLOCK, 1},
      {3 * BLOCK - 7, 2 * BLOCK + 14},
      {65536, 65536},
      {200_001, 300_000},
      {MIB - 10, 20},
      {MIB + BLOCK, 2 * BLOCK},
      {MIB + 3 * BLOCK, 5}
    };
    for (int i = 0; i < ranges.length; i++) {
      byte[] bytes = TestRuntime.bytes(ranges[i][1], i);
      System.arraycopy(bytes, 0, expected, ranges[i][0], bytes.length);
      One one = endings.write(file, bytes, ranges[i][0]);
      assertEquals(bytes.length, one.bytes(), Arrays.toString(ranges[i]));
    }
    assertArrayEquals(expected, test.content("f"));
    assertFalse(test.events.all(Fallback.class).isEmpty());
  }

  /** Longer than one request may be: several, one after the other. */
  @Test
  void aLongWrite() throws Exception {
    restart(new RuntimeOptions(4, 64 << 10, 1 << 20), engine -> engine);
    DirectFile file = test.openWritten("f", 3 * MIB, FilePolicy.DEFAULT);
    byte[] first = TestRuntime.bytes(BLOCK, 1);
    endings.write(file, first, 0).bytes(); // From then on there is a direct descriptor.
    byte[] bytes = TestRuntime.bytes(2 * MIB + BLOCK, 2);
    assertEquals(bytes.length, endings.write(file, bytes, BLOCK).bytes());
    assertContent("f", first, 0);
    assertContent("f", bytes, BLOCK);
    assertTrue(test.events.all(WriteEnded.class).size() > 10, "several requests");
    assertEquals(bytes.length + BLOCK, test.statistics().directBytes());
    byte[] ragged = TestRuntime.bytes(MIB + 77, 3);
    assertEquals(ragged.length, endings.write(file, ragged, 5).bytes());
    assertContent("f", ragged, 5);
  }

  @Test
  void nothingAtAll() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    assertEquals(0, endings.write(file, new byte[0], 0).bytes());
    assertEquals(0, endings.write(file, new byte[0], 5L * MIB).bytes());
    assertEquals(MIB, test.content("f").length);
  }

  @Test
  void wrongArgumentsEndNothing() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    One one = new One();
    WriteSource source = WriteSource.of(ByteBuffer.allocate(BLOCK));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> file.writeAsync(source, -1, one));
    assertEquals("position is -1, expected 0 or more", e.getMessage());
    file.close();
    IOException closed = assertThrows(IOException.class, () -> file.writeAsync(source, 0, one));
    assertEquals("the file is closed: " + test.path("f"), closed.getMessage());
    assertFalse(one.isOver());
  }

  /** What extends a file does so in order, and no byte is missing. */
  @Test
  void aFileGrowsFromNothing() throws Exception {
    DirectFile file = test.open("f");
    byte[] all = TestRuntime.bytes(200 * 1000, 9);
    List<One> pieces = new ArrayList<>();
    for (int at = 0; at < all.length; at += 1000) {
      pieces.add(endings.write(file, Arrays.copyOfRange(all, at, at + 1000), at));
    }
    for (One piece : pieces) {
      assertEquals(1000, piece.bytes());
    }
    assertArrayEquals(all, test.content("f"));
  }

  @Test
  void appending() throws Exception {
    DirectFile file = test.open("f", StandardOpenOption.APPEND);
    for (int i = 0; i < 50; i++) {
      endings.write(file, new byte[] {(byte) i}, 0);
    }
    endings.await();
    byte[] content = test.content("f");
    Arrays.sort(content);
    for (int i = 0; i < 50; i++) {
      assertEquals(i, content[i]);
    }
    assertEquals(50, content.length);
  }

  @Test
  void filesThatCannotGoDirect() throws Exception {
    Path path = Path.of("/dev/shm/dio-async-test-" + ProcessHandle.current().pid());
    DirectFile file = test.runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.CREATE);
    try {
      assertFalse(file.isDirect(), file.reason());
      for (int i = 0; i < 100; i++) {
        endings.write(file, TestRuntime.bytes(BLOCK, i), (long) i * BLOCK);
      }
      endings.await();
      byte[] content = java.nio.file.Files.readAllBytes(path);
      for (int i = 0; i < 100; i++) {
        assertArrayEquals(
            TestRuntime.bytes(BLOCK, i), Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK));
      }
    } finally {
      file.close();
      java.nio.file.Files.delete(path);
    }
  }

  /** Without AIO everything goes by threads. */
  @Test
  void noAio() throws Exception {
    restart(
        RuntimeOptions.DEFAULT,
        engine ->
            new AioEngine() {
              @Override
              public AioContext open(int depth) throws AioUnavailableException {
                throw new AioUnavailableException(Errno.ENOSYS, "none, for the test");
              }

              @Override
              public PageCache pageCache() {
                return engine.pageCache();
              }
            });
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    assertEquals(BLOCK, endings.write(file, TestRuntime.bytes(BLOCK, 1), 0).bytes());
    assertContent("f", TestRuntime.bytes(BLOCK, 1), 0);
    assertEquals(BLOCK, test.statistics().bufferedBytes());
  }

  @Test
  void fallbackForbidden() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT.withFallbackAllowed(false));
    IOException e = endings.write(file, new byte[100], 0).failure();
    assertTrue(e.getMessage().contains("fallback is forbidden"), e.getMessage());
    assertEquals(BLOCK, endings.write(file, new byte[BLOCK], 0).bytes());
  }

  /** Of 100 files and 1,000 writes: one context more, and one thread that submits. */
  @Test
  void oneContextForAllFilesOfADevice() throws Exception {
    CountingEngine engine = restartCounting();
    List<DirectFile> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(test.openWritten("f" + i, 10 * BLOCK, FilePolicy.DEFAULT));
    }
    // Our own files have their direct descriptors, so that nothing needs a thread.
    for (int block = 0; block < 10; block++) {
      for (DirectFile file : files) {
        endings.write(file, TestRuntime.bytes(BLOCK, block), (long) block * BLOCK);
      }
    }
    endings.await();
    // What the kernel will not do without waiting, where it has a page cached, has a thread's.
    assertTrue(engine.contexts.get() < 10, engine.contexts + " contexts");
    assertTrue(engine.submitters.size() < 10, engine.submitters.toString());
    assertTrue(engine.mostInFlight.get() > 1, engine.mostInFlight + " in flight");
    assertEquals(1000L * BLOCK, test.statistics().directBytes());
    for (int i = 0; i < 100; i++) {
      assertContent("f" + i, TestRuntime.bytes(BLOCK, 9), 9 * BLOCK);
    }
  }

  /** Where RWF_NOWAIT is not to be had, the lane does without. */
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

  /** 10,000 writes from 8 threads, whole blocks and odd ones, some extending, on three files. */
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
                    // Mostly whole blocks; a twentieth odd, a hundredth to the growing file.
                    int kind = random.nextInt(100);
                    int file = kind == 0 ? 2 : i & 1;
                    int block = file == 2 ? i : i % 2048;
                    if (file != 2 && i >= 2048) {
                      // Overwrites what came before: in any order, so it is the same bytes.
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

  /** The threads that wait are bounded, whatever is asked for. */
  @Test
  void fewThreadsForManyOddWrites() throws Exception {
    // Those of runtimes that are closed, which have not ended yet, too.
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
    // At most 8 of a file's wait, each for a submitter thread, beside those of the device itself,
    // and of an engine whose callers submit by threads of its own.
    int bound = TestRuntime.callersSubmit() ? 104 : 40;
    assertTrue(most <= bound, most + " threads of the runtime's");
    byte[] content = test.content("f");
    for (int i = 0; i < 2000; i++) {
      assertEquals(i % 100 + 1, content[i * BLOCK + 1], "byte " + i);
    }
  }

  @Test
  void closeWaitsForWhatIsInFlight() throws Exception {
    test.close();
    test = TestRuntime.withFaults("delay:for=400ms");
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    List<One> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(endings.write(file, TestRuntime.bytes(BLOCK, i), (long) i * BLOCK));
    }
    all.add(endings.write(file, TestRuntime.bytes(10, 99), 20L * BLOCK + 1));
    file.close();
    for (One one : all) {
      assertTrue(one.bytes() > 0);
    }
    assertContent("f", TestRuntime.bytes(BLOCK, 19), 19 * BLOCK);
    assertContent("f", TestRuntime.bytes(10, 99), 20 * BLOCK + 1);
    One late = new One();
    assertThrows(
        IOException.class, () -> file.writeAsync(WriteSource.of(ByteBuffer.allocate(1)), 0, late));
  }

  /** Who is told may throw, or block: the others are told all the same. */
  @Test
  void whoIsToldMayThrowOrBlock() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    CountDownLatch unblock = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    WriteSource source = WriteSource.of(ByteBuffer.wrap(new byte[BLOCK]));
    file.writeAsync(
        source,
        0,
        (bytes, failure) -> {
          told.incrementAndGet();
          throw new IllegalStateException("for the test");
        });
    try {
      for (int i = 0; i < 3; i++) {
        file.writeAsync(
            source,
            BLOCK,
            (bytes, failure) -> {
              told.incrementAndGet();
              try {
                assertTrue(unblock.await(60, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
      }
      for (int round = 0; round < 5; round++) {
        One one = endings.write(file, new byte[BLOCK], 2 * BLOCK);
        assertEquals(BLOCK, one.bytes(), "told while others block");
      }
    } finally {
      unblock.countDown();
    }
    file.close();
    assertEquals(4, told.get());
  }

  /** As write(2) says it of memory that cannot be read. */
  @Test
  void aSourceThatCannotBeRead() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    for (Throwable thrown :
        List.of(new InternalError("a mapping"), new IllegalStateException("Already closed"))) {
      WriteSource source =
          new WriteSource() {
            @Override
            public long lengthBytes() {
              return BLOCK;
            }

            @Override
            public void copyTo(long offset, ByteBuffer destination) {
              if (thrown instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) thrown;
            }
          };
      IOException e = endings.write(file, source, 0).failure();
      assertEquals("Bad address", e.getMessage());
      assertEquals(thrown, e.getCause());
    }
    assertContent("f", new byte[BLOCK], 0);
  }

  /** Threads go by themselves when the runtime is closed, and the last context with them. */
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
