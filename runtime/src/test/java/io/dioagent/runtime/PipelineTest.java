package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code write=pipelined} on real files: content, barriers, memory. */
@Tag("engine")
class PipelineTest {
  private static final int MIB = 1 << 20;
  private static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);

  private TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private static void append(DirectFile file, byte[] bytes) throws IOException {
    assertEquals(bytes.length, file.write(WriteSource.of(ByteBuffer.wrap(bytes))));
  }

  // Content.

  /**
   * Random writes, barriers, forces and truncations, through two descriptors, compared with an
   * array.
   */
  private void againstModel(long seed, int rounds) throws IOException {
    int limit = 4 * MIB;
    byte[] model = new byte[limit];
    int end = 0;
    Random random = new Random(seed);
    String what = "seed " + seed;
    int plain = test.descriptor(Files.createFile(test.path("f")), Linux.O_RDWR);
    List<DirectFile> files = List.of(test.open("f", PIPELINED), test.open("f", PIPELINED));
    int at = 0;
    for (int i = 0; i < rounds; i++) {
      int choice = random.nextInt(100);
      if (choice < 80) {
        DirectFile file = files.get(random.nextInt(10) == 0 ? 1 : 0);
        int length = 1 + (int) Math.pow(MIB, random.nextDouble());
        if (random.nextInt(8) == 0) {
          at = random.nextInt(end + 65536);
        }
        if (random.nextInt(8) == 0) {
          at &= -4096;
          length = length + 4095 & -4096;
        }
        at = at + length > limit ? 0 : at;
        byte[] bytes = TestRuntime.bytes(length, i);
        assertEquals(length, TestRuntime.write(file, bytes, at), what);
        System.arraycopy(bytes, 0, model, at, length);
        at += length;
        end = Math.max(end, at);
      } else if (choice < 85) {
        files.get(0).settle();
        assertArrayEquals(Arrays.copyOf(model, end), test.content("f"), what + " round " + i);
      } else if (choice < 90) {
        int from = random.nextInt(end + 10000);
        int length = random.nextInt(100_000);
        test.runtime.settle(plain);
        files.get(1).settle(from, length);
        byte[] now = test.content("f");
        int expectedEnd = Math.min(end, from + length);
        for (int j = from; j < expectedEnd; j++) {
          assertEquals(model[j], now[j], what + " round " + i + " offset " + j);
        }
      } else if (choice < 95) {
        files.get(random.nextInt(2)).force(random.nextBoolean());
        assertEquals(end, Files.size(test.path("f")), what);
      } else {
        int size = random.nextInt(end + 1000);
        truncate(plain, size);
        Arrays.fill(model, Math.min(size, end), end, (byte) 0);
        end = size;
      }
    }
    files.get(0).close();
    assertArrayEquals(Arrays.copyOf(model, end), test.content("f"), what);
    files.get(1).close();
    assertFalse(test.runtime.hasPending());
    Statistics now = test.statistics();
    assertEquals(0, now.errors() + now.lost() + now.late() + now.duplicates() + now.unknown());
    Files.delete(test.path("f"));
  }

  private void truncate(int fd, int size) {
    test.runtime.settlePath(test.path("f").toString());
    Linux.ftruncate(fd, size);
    test.runtime.sizeChanged(fd);
  }

  @Test
  void writesAndBarriers() throws Exception {
    againstModel(1, 600);
    againstModel(2, 600);
  }

  @Test
  void writesAndBarriersInTinyPieces() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(2, 8192, 1 << 20));
    againstModel(3, 200);
  }

  @Test
  void aStreamIsGatheredAndGoesDirect() throws Exception {
    byte[] model = TestRuntime.bytes(20 * MIB + 100, 9);
    try (DirectFile file = test.open("f", PIPELINED)) {
      for (int at = 0; at < model.length; at += 1000) {
        append(file, Arrays.copyOfRange(model, at, Math.min(model.length, at + 1000)));
      }
    }
    assertArrayEquals(model, test.content("f"));
    Statistics now = test.statistics();
    assertTrue(now.writes() < 100, "requests: " + now.writes());
    assertTrue(now.bufferedBytes() < 4096 * 20, "buffered: " + now.bufferedBytes());
  }

  @Test
  void theOffsetMovesAtOnce() throws Exception {
    test.withoutWatchdog(
        () -> {
          int fd = test.descriptor(Files.createFile(test.path("f")), Linux.O_RDWR);
          DirectFile file = test.adopt(fd, PIPELINED);
          append(file, TestRuntime.bytes(10, 1));
          assertEquals(10, Linux.position(fd));
          assertTrue(test.runtime.hasPending());
          assertEquals(0, Files.size(test.path("f")), "it is on its way");
          test.runtime.settle(fd);
          assertFalse(test.runtime.hasPending());
          assertArrayEquals(TestRuntime.bytes(10, 1), test.content("f"));
        });
  }

  /** Opened with O_TRUNC, without a call to the runtime. */
  @Test
  void aReadBeforePendingBytesSeesTheHoleAlsoAfterATruncation() throws Exception {
    test.withoutWatchdog(
        () -> {
          DirectFile file = test.open("f", PIPELINED);
          TestRuntime.write(file, TestRuntime.bytes(100, 1), 3 * MIB);
          file.settle();
          assertEquals(3 * MIB + 100, Files.size(test.path("f")));
          Files.write(test.path("f"), TestRuntime.bytes(50, 2));
          TestRuntime.write(file, TestRuntime.bytes(100, 3), 2 * MIB);
          assertTrue(test.runtime.hasPending());
          file.settle(MIB, 4096);
          assertEquals(2 * MIB + 100, Files.size(test.path("f")), "what is behind it is there");
        });
  }

  @Test
  void bytesInTransitReachOtherProcessesSoon() throws Exception {
    DirectFile file = test.open("f", PIPELINED);
    append(file, TestRuntime.bytes(10, 1));
    awaitNothingPending();
    assertArrayEquals(TestRuntime.bytes(10, 1), test.content("f"));
    append(file, TestRuntime.bytes(10, 2));
    awaitNothingPending();
    assertEquals(20, Files.size(test.path("f")));
  }

  private void awaitNothingPending() throws InterruptedException {
    long start = System.nanoTime();
    while (test.runtime.hasPending()) {
      assertTrue(TestRuntime.millisSince(start) < 60_000, "still pending");
      Thread.sleep(10);
    }
  }

  // Barriers.

  @Test
  void aRangeThatNothingPendingConcernsIsNotWaitedFor() throws Exception {
    test.withoutWatchdog(
        () -> {
          DirectFile file = test.openWritten("f", MIB, PIPELINED);
          TestRuntime.write(file, new byte[100], 8192);
          file.settle(0, 8192);
          file.settle(8292, 100_000);
          assertTrue(test.runtime.hasPending());
          file.settle(8291, 1);
          assertFalse(test.runtime.hasPending());
          TestRuntime.write(file, new byte[100], 2 * MIB);
          file.settle(0, MIB);
          assertTrue(test.runtime.hasPending());
          file.settle(MIB, 10);
          assertFalse(test.runtime.hasPending(), "a hole is to be read there");
          assertEquals(2 * MIB + 100, Files.size(test.path("f")));
        });
  }

  /** The file counts, not the name by which it was opened. */
  @Test
  void byAnyName() throws Exception {
    DirectFile file = test.open("f", PIPELINED);
    Files.createLink(test.path("hard"), test.path("f"));
    Files.createSymbolicLink(test.path("symbolic"), test.path("hard"));
    int fd = test.descriptor(test.path("hard"), Linux.O_RDONLY);
    Files.move(test.path("f"), test.path("renamed"));
    int size = 0;
    for (String name : List.of("hard", "symbolic", "renamed")) {
      append(file, TestRuntime.bytes(10, 1));
      test.runtime.settlePath(test.path("f").toString());
      assertEquals(size, Files.size(test.path("hard")), "no such file, nothing to wait for");
      test.runtime.settlePath(test.path(name).toString());
      size += 10;
      assertEquals(size, Files.size(test.path(name)), name);
    }
    Files.delete(test.path("hard"));
    Files.delete(test.path("renamed"));
    append(file, TestRuntime.bytes(10, 1));
    test.runtime.settle(fd);
    assertEquals(size + 10, FileStatus.of(fd).sizeBytes(), "deleted, and still open");
    test.runtime.settle(-1);
    Files.delete(test.path("symbolic"));
  }

  @Test
  void eachChangeChangesTheGeneration() throws Exception {
    for (FilePolicy policy : List.of(PIPELINED, FilePolicy.DEFAULT)) {
      DirectFile file = test.open("f", policy);
      long before = file.context().node().writeGeneration();
      TestRuntime.write(file, new byte[10], 0);
      long written = file.context().node().writeGeneration();
      assertTrue(written > before);
      file.context().node().truncated(10);
      assertTrue(file.context().node().writeGeneration() > written);
    }
  }

  @Test
  void aMappedFileIsWrittenAtOnce() throws Exception {
    test.withoutWatchdog(
        () -> {
          DirectFile file = test.open("f", PIPELINED);
          TestRuntime.write(file, new byte[100], 0);
          FileHold mapped = file.keepSynchronous();
          FileHold again =
              test.runtime.keepSynchronous(test.descriptor(test.path("f"), Linux.O_RDONLY));
          assertEquals(100, Files.size(test.path("f")));
          mapped.close();
          mapped.close();
          TestRuntime.write(file, new byte[100], 100);
          assertEquals(200, Files.size(test.path("f")), "still mapped by the other");
          again.close();
          TestRuntime.write(file, new byte[100], 200);
          assertEquals(200, Files.size(test.path("f")));
          assertTrue(test.runtime.hasPending());
        });
  }

  @Test
  void appendsAndSynchronousFilesAreNotPipelined() throws Exception {
    DirectFile first = test.open("f", PIPELINED);
    TestRuntime.write(first, TestRuntime.bytes(10, 1), 0);
    DirectFile append = test.open("f", PIPELINED, StandardOpenOption.APPEND);
    append(append, TestRuntime.bytes(10, 2));
    assertEquals(20, Files.size(test.path("f")), "behind what was on its way");
    DirectFile dsync = test.open("f", PIPELINED, StandardOpenOption.DSYNC);
    TestRuntime.write(first, TestRuntime.bytes(20, 3), 0);
    TestRuntime.write(dsync, TestRuntime.bytes(10, 4), 5);
    byte[] expected = TestRuntime.bytes(20, 3);
    System.arraycopy(TestRuntime.bytes(10, 4), 0, expected, 5, 10);
    assertArrayEquals(expected, test.content("f"));
  }

  @Test
  void aForbiddenWriteIsRefusedAtOnce() throws Exception {
    test.withoutWatchdog(
        () -> {
          DirectFile file = test.open("f", PIPELINED.withFallbackAllowed(false));
          // A chunk that this fills goes at once: three pages leave room for the fourth.
          assertEquals(12288, TestRuntime.write(file, new byte[12288], 0));
          assertTrue(test.runtime.hasPending());
          assertThrows(
              DirectIoException.class, () -> TestRuntime.write(file, new byte[100], 12288));
          assertEquals(12288, Files.size(test.path("f")));
        });
  }

  @Test
  void stopped() throws Exception {
    List<DirectFile> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(test.open("f" + i, PIPELINED));
      append(files.get(i), TestRuntime.bytes(100, i));
    }
    test.runtime.stopPipelining();
    assertFalse(test.runtime.hasPending());
    for (int i = 0; i < 20; i++) {
      append(files.get(i), TestRuntime.bytes(100, i));
      assertEquals(200, Files.size(test.path("f" + i)));
    }
  }

  /** It has lost its race with close: no byte of it is taken. */
  @Test
  void closed() throws Exception {
    DirectFile file = test.open("f", PIPELINED);
    append(file, new byte[100]);
    file.close();
    assertEquals(100, Files.size(test.path("f")));
    IOException e =
        assertThrows(IOException.class, () -> TestRuntime.write(file, new byte[100], 100));
    assertEquals("the file is closed: " + test.path("f"), e.getMessage());
    file.close();
  }

  // Memory.

  /** Each file has an open chunk: more than the memory holds. */
  @Test
  void manyFilesInLittleMemory() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(4, 65536, MIB));
    List<DirectFile> files = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      files.add(test.open("f" + i, PIPELINED));
    }
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 200; i++) {
        append(files.get(i), TestRuntime.bytes(1000, i * 10L + round));
        assertTrue(test.statistics().bufferBytes() <= MIB);
      }
    }
    for (int i = 0; i < 200; i++) {
      files.get(i).close();
      ByteBuffer all = ByteBuffer.wrap(test.content("f" + i));
      assertEquals(10_000, all.remaining());
      for (int round = 0; round < 10; round++) {
        byte[] bytes = new byte[1000];
        all.get(bytes);
        assertArrayEquals(TestRuntime.bytes(1000, i * 10L + round), bytes);
      }
    }
    assertEquals(0, test.statistics().lost());
  }

  // Cost.

  /** A log: each record is forced. */
  @Test
  void aForcedLogTakesTheRequestsThatSyncTakes() throws Exception {
    for (WriteMode mode : List.of(WriteMode.SYNC, WriteMode.PIPELINED)) {
      DirectFile file = test.open("log" + mode, FilePolicy.DEFAULT.withWrite(mode));
      for (int i = 0; i < 50; i++) {
        append(file, TestRuntime.bytes(200, i));
        file.force(false);
      }
    }
    List<WriteEnded> ended = test.events.all(WriteEnded.class);
    assertEquals(100, ended.size());
    for (int i = 0; i < 50; i++) {
      assertEquals(ended.get(i).request().offset(), ended.get(i + 50).request().offset());
      assertEquals(ended.get(i).request().lengthBytes(), ended.get(i + 50).request().lengthBytes());
    }
    assertArrayEquals(
        test.content("log" + WriteMode.SYNC), test.content("log" + WriteMode.PIPELINED));
  }
}
