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
import io.dioagent.runtime.engine.PageCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asynchronous writes to files: their content, their place, and their results. */
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
      // A write that the kernel refuses without waiting, because it has a page cached, is tried
      // again.
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

  /** Longer than one request may be: several requests, one after the other. */
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

  /** Extending writes extend the file in order, and no byte is missing. */
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

  /** Without AIO threads do all writes. */
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

  @Test
  void closeWaitsForWritesInFlight() throws Exception {
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

  /** A handler may throw or block: the other handlers are called all the same. */
  @Test
  void aHandlerMayThrowOrBlock() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    CountDownLatch unblock = new CountDownLatch(1);
    AtomicInteger called = new AtomicInteger();
    WriteSource source = WriteSource.of(ByteBuffer.wrap(new byte[BLOCK]));
    file.writeAsync(
        source,
        0,
        (bytes, failure) -> {
          called.incrementAndGet();
          throw new IllegalStateException("for the test");
        });
    try {
      for (int i = 0; i < 3; i++) {
        file.writeAsync(
            source,
            BLOCK,
            (bytes, failure) -> {
              called.incrementAndGet();
              try {
                assertTrue(unblock.await(60, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
      }
      for (int round = 0; round < 5; round++) {
        One one = endings.write(file, new byte[BLOCK], 2 * BLOCK);
        assertEquals(BLOCK, one.bytes(), "called while others block");
      }
    } finally {
      unblock.countDown();
    }
    file.close();
    assertEquals(4, called.get());
  }

  /** Fails as write(2) does for memory that cannot be read. */
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
}
