package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.ForceEnded;
import io.dioagent.runtime.RecordingEventSink.Tagged;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes to real files, through real AIO, compared with a byte array. */
@Tag("engine")
class DirectFileTest {
  private static final int MIB = 1 << 20;

  private TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private void skipUnlessDirect(DirectFile file) {
    CProgram.skipUnless(file.isDirect(), "no direct I/O here: " + file.reason());
    CProgram.skipUnless(
        test.runtime.whyNotDirect() == null, "no AIO here: " + test.runtime.whyNotDirect());
  }

  // Content.

  /** Positional writes of 1 byte to 3 MiB, aligned and not. */
  private void againstModel(long seed, int rounds, int preallocated, OpenOption... options)
      throws IOException {
    int limit = 8 * MIB;
    byte[] model = new byte[limit];
    int end = preallocated;
    Random random = new Random(seed);
    Statistics before = test.statistics();
    long written = 0;
    try (DirectFile file =
        preallocated > 0
            ? test.openWritten("f", preallocated, FilePolicy.DEFAULT)
            : test.open("f", options)) {
      for (int i = 0; i < rounds; i++) {
        int length = Math.max(1, (int) Math.pow(3 * MIB, random.nextDouble()));
        int position = random.nextInt(Math.max(1, Math.min(limit - length, end + 65536)));
        if (random.nextBoolean()) {
          position &= -4096;
          length = Math.min(3 * MIB, length + 4095 & -4096);
          length = Math.min(length, limit - position);
        }
        byte[] bytes = TestRuntime.bytes(length, i);
        String what = "write " + i + ": " + length + " bytes at " + position + ", seed " + seed;
        assertEquals(length, TestRuntime.write(file, bytes, position), what);
        System.arraycopy(bytes, 0, model, position, length);
        end = Math.max(end, position + length);
        written += length;
      }
      if (random.nextBoolean()) {
        file.force(true);
      }
    }
    assertArrayEquals(Arrays.copyOf(model, end), test.content("f"), "seed " + seed);
    Statistics now = test.statistics();
    assertEquals(
        written,
        now.directBytes() - before.directBytes() + now.bufferedBytes() - before.bufferedBytes());
    assertEquals(0, now.errors() + now.lost() + now.late() + now.duplicates() + now.unknown());
    Files.delete(test.path("f"));
  }

  @Test
  void positionalWritesToAGrowingFile() throws Exception {
    againstModel(1, 60, 0);
  }

  @Test
  void positionalWritesToAPreallocatedFile() throws Exception {
    againstModel(2, 80, 8 * MIB);
  }

  @Test
  void positionalWritesWithDsync() throws Exception {
    againstModel(3, 40, 0, StandardOpenOption.DSYNC);
  }

  /** Tiny pieces, so that one write becomes many I/Os, and several requests. */
  @Test
  void positionalWritesInTinyPieces() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(4, 8192, 1 << 20));
    againstModel(4, 30, 8 * MIB);
    againstModel(5, 20, 0);
  }

  @Test
  void sequentialWritesMoveTheOffset() throws Exception {
    byte[] model = TestRuntime.bytes(3 * MIB, 9);
    Random random = new Random(9);
    try (DirectFile file = test.open("f")) {
      for (int at = 0; at < model.length; ) {
        int length = Math.min(model.length - at, 1 + random.nextInt(300_000));
        if (random.nextInt(3) == 0) {
          length = Math.min(model.length - at, length + 4095 & -4096);
        }
        assertEquals(length, file.write(WriteSource.of(ByteBuffer.wrap(model, at, length))));
        at += length;
      }
    }
    assertArrayEquals(model, test.content("f"));
  }

  /** The descriptor's own offset is where the application's next write, or read, goes. */
  @Test
  void theOffsetIsTheDescriptors() throws Exception {
    int fd = test.descriptor(Files.createFile(test.path("f")), Linux.O_RDWR);
    DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
    Linux.seek(fd, 4096);
    assertEquals(8192, file.write(WriteSource.of(ByteBuffer.wrap(TestRuntime.bytes(8192, 1)))));
    assertEquals(12288, Linux.position(fd));
    assertEquals(4096, TestRuntime.write(file, TestRuntime.bytes(4096, 2), 0));
    assertEquals(12288, Linux.position(fd), "a positional write leaves it alone");
    assertEquals(5, file.write(WriteSource.of(ByteBuffer.wrap(new byte[5]))));
    assertEquals(12293, Linux.position(fd));
  }

  @Test
  void appends() throws Exception {
    Files.write(test.path("f"), "begin".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    byte[] first = TestRuntime.bytes(MIB, 1);
    byte[] second = TestRuntime.bytes(777, 2);
    DirectFile file = test.open("f", StandardOpenOption.APPEND);
    assertEquals(MIB, file.write(WriteSource.of(ByteBuffer.wrap(first))));
    Files.write(test.path("f"), new byte[] {42}, StandardOpenOption.APPEND);
    assertEquals(777, file.write(WriteSource.of(ByteBuffer.wrap(second))));
    // pwrite(2): with O_APPEND, Linux appends for any position.
    assertEquals(777, TestRuntime.write(file, second, 3));
    byte[] content = test.content("f");
    assertEquals(5 + MIB + 1 + 2 * 777, content.length);
    assertArrayEquals(first, Arrays.copyOfRange(content, 5, 5 + MIB));
    assertEquals(42, content[5 + MIB]);
    assertArrayEquals(second, Arrays.copyOfRange(content, 6 + MIB, 6 + MIB + 777));
    assertArrayEquals(second, Arrays.copyOfRange(content, 6 + MIB + 777, content.length));
    assertEquals(MIB + 2 * 777, test.statistics().bufferedBytes());
    assertTrue(
        test.events.all(Fallback.class).stream().allMatch(f -> f.reason().startsWith("append")));
  }

  @Test
  void anEmptyWriteWritesNothing() throws Exception {
    DirectFile file = test.open("f");
    assertEquals(0, file.write(WriteSource.of(ByteBuffer.allocate(0))));
    assertEquals(0, file.write(ByteBuffer.allocate(0), 4096));
    assertEquals(0, Files.size(test.path("f")));
  }

  @Test
  void aBuffersPositionMoves() throws Exception {
    DirectFile file = test.open("f");
    ByteBuffer source = ByteBuffer.allocate(100);
    source.position(10).limit(30);
    assertEquals(20, file.write(source, 7));
    assertEquals(30, source.position());
    assertEquals(30, source.limit());
    assertEquals(27, Files.size(test.path("f")));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> file.write(source, -1));
    assertEquals("position is -1, expected 0 or more", e.getMessage());
  }

  /** Above 4 GiB: offsets are 64 bits in all layers. */
  @Test
  void farOffsets() throws Exception {
    long far = (5L << 30) + 4096;
    byte[] bytes = TestRuntime.bytes(20_000, 1);
    DirectFile file = test.open("f");
    assertEquals(20_000, TestRuntime.write(file, bytes, far));
    assertEquals(20_000, TestRuntime.write(file, bytes, far + 20_000));
    try (var channel = Files.newByteChannel(test.path("f"))) {
      ByteBuffer read = ByteBuffer.allocate(40_000);
      channel.position(far);
      while (read.hasRemaining() && channel.read(read) > 0) {}
      assertArrayEquals(bytes, Arrays.copyOf(read.array(), 20_000));
      assertArrayEquals(bytes, Arrays.copyOfRange(read.array(), 20_000, 40_000));
    }
  }

  // Events.

  @Test
  void anAlignedOverwriteGoesDirectAndIsReported() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    skipUnlessDirect(file);
    assertEquals(MIB, TestRuntime.write(file, TestRuntime.bytes(MIB, 1), 0));
    WriteEnded reported = test.events.only(WriteEnded.class);
    assertEquals(new WriteEnded(reported.request(), MIB, MIB, 0, reported.ios()), reported);
    assertEquals(4, reported.ios(), "256 KiB each");
    assertEquals(test.path("f").toString(), reported.request().path());
    assertEquals(0, reported.request().offset());
    assertEquals(MIB, reported.request().lengthBytes());
    assertTrue(reported.request().requestId() != 0);
    assertEquals(List.of(), test.events.all(Fallback.class));
    assertEquals(MIB, test.statistics().directBytes());
    assertEquals(1, test.statistics().writes());
    Tagged tagged = test.events.only(Tagged.class);
    assertTrue(tagged.direct());
    assertEquals(file.alignBytes(), tagged.offsetAlignBytes());
  }

  @Test
  void headAndTailGoBufferedAndAreReported() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    skipUnlessDirect(file);
    assertEquals(16384, TestRuntime.write(file, TestRuntime.bytes(16384, 1), 4095));
    List<Fallback> reported = test.events.all(Fallback.class);
    assertEquals(2, reported.size(), reported.toString());
    assertEquals(4095, reported.get(0).part().offset());
    assertEquals(1, reported.get(0).part().lengthBytes());
    assertEquals("head before an offset aligned to 4096", reported.get(0).reason());
    assertEquals(16384, reported.get(1).part().offset());
    assertEquals(4095, reported.get(1).part().lengthBytes());
    assertEquals(12288, test.statistics().directBytes());
    assertEquals(4096, test.statistics().bufferedBytes());
  }

  @Test
  void requestIdsAreUnique() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 50; i++) {
                    TestRuntime.write(file, new byte[4096], 4096L * i);
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<WriteEnded> reported = test.events.all(WriteEnded.class);
    assertEquals(200, reported.size());
    assertEquals(200, reported.stream().map(w -> w.request().requestId()).distinct().count());
  }

  @Test
  void forceIsReported() throws Exception {
    DirectFile file = test.open("f");
    file.force(false);
    file.force(true);
    String path = test.path("f").toString();
    assertEquals(
        List.of(new ForceEnded(path, false, 0), new ForceEnded(path, true, 0)),
        test.events.all(ForceEnded.class));
  }

  // Refusals.

  @Test
  void fallbackForbiddenRefusesBeforeAByteIsWritten() throws Exception {
    FilePolicy forbid = FilePolicy.DEFAULT.withFallbackAllowed(false);
    byte[] before = TestRuntime.bytes(MIB, 1);
    Files.write(test.path("f"), before);
    DirectFile file = test.open("f", forbid);
    skipUnlessDirect(file);
    DirectIoException e =
        assertThrows(
            DirectIoException.class, () -> TestRuntime.write(file, new byte[600_000], 4096));
    assertEquals(Errno.EINVAL, e.errno());
    assertEquals(
        "1984 bytes at 602112 of "
            + test.path("f")
            + " cannot go direct, and fallback is forbidden: tail after an offset aligned to 4096;"
            + " write whole blocks of 4096 bytes, or allow fallback",
        e.getMessage());
    assertThrows(DirectIoException.class, () -> TestRuntime.write(file, new byte[8192], 1));
    assertThrows(DirectIoException.class, () -> TestRuntime.write(file, new byte[1], 0));
    assertArrayEquals(before, test.content("f"));
    // Whole blocks succeed, extending ones too.
    byte[] bytes = TestRuntime.bytes(65536, 2);
    assertEquals(65536, TestRuntime.write(file, bytes, MIB - 4096));
    assertArrayEquals(bytes, Arrays.copyOfRange(test.content("f"), MIB - 4096, MIB + 61440));
    assertEquals(0, test.statistics().bufferedBytes());
    DirectFile appending = test.open("f", forbid, StandardOpenOption.APPEND);
    DirectIoException append =
        assertThrows(
            DirectIoException.class,
            () -> appending.write(WriteSource.of(ByteBuffer.allocate(4096))));
    assertTrue(append.getMessage().contains("O_APPEND"), append.getMessage());
  }

  @Test
  void aClosedFileRefuses() throws Exception {
    DirectFile file = test.open("f");
    file.close();
    file.close();
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, new byte[1], 0));
    assertEquals("the file is closed: " + test.path("f"), e.getMessage());
    assertEquals(0, test.statistics().openFiles());
  }

  /** Errors without a fault: positions above the largest file size, up to the largest long. */
  @Test
  void aFailedWriteHasAPlainChannelsMessage() throws Exception {
    DirectFile file = test.open("f");
    int errors = 0;
    for (long position :
        new long[] {
          (1L << 60) + 1,
          Long.MAX_VALUE - 4096 - 8191,
          Long.MAX_VALUE - 8191,
          Long.MAX_VALUE - 8190,
          Long.MAX_VALUE - 4096,
          Long.MAX_VALUE - 4095,
          Long.MAX_VALUE
        }) {
      String what = "at " + position;
      String expected;
      try (FileChannel plain = FileChannel.open(test.path("f"), StandardOpenOption.WRITE)) {
        expected =
            assertThrows(
                    IOException.class, () -> plain.write(ByteBuffer.allocate(4096), position), what)
                .getMessage();
      }
      IOException e =
          assertThrows(
              IOException.class, () -> TestRuntime.write(file, new byte[4096], position), what);
      assertEquals(expected, e.getMessage(), what);
      DirectIoException details = assertInstanceOf(DirectIoException.class, e.getCause());
      assertEquals(expected, Errno.message(details.errno()));
      assertEquals(
          "write of 4096 bytes at "
              + position
              + " of "
              + test.path("f")
              + " ended with "
              + Errno.name(details.errno()),
          details.getMessage());
      assertEquals(++errors, test.statistics().errors());
    }
    assertEquals(4096, TestRuntime.write(file, new byte[4096], 0), "the next one is fine");
  }
}
