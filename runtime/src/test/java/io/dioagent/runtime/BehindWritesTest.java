package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that callers make themselves, on a disk: nothing of them stays in the page cache. */
@Tag("engine")
@Tag("host")
class BehindWritesTest {
  private static final int MIB = 1 << 20;
  private static final int PAGE = 4096;
  private static final String NAME = "f";

  private final TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private BehindFile open(int flags) throws IOException {
    return BehindFile.open(test, NAME, flags, BehindFile.POLICY);
  }

  private static CompletableFuture<Void> start(Body body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
                done.complete(null);
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    thread.start();
    return done;
  }

  private interface Body {
    void run() throws Exception;
  }

  private void assertWritten(byte[] expected) throws Exception {
    BehindFile.awaitUncached(test, NAME);
    assertArrayEquals(expected, test.content(NAME));
    assertEquals(0, test.statistics().errors());
    assertEquals(0, test.statistics().lost());
  }

  private void writeInTurn(BehindFile to, byte[] bytes, int most, boolean placed)
      throws IOException {
    Random random = new Random(most);
    for (int at = 0; at < bytes.length; ) {
      byte[] part =
          Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(most)));
      to.write(part, placed ? at : BehindFile.OWN_OFFSET);
      at += part.length;
    }
  }

  @Test
  void atTheOwnOffset() throws Exception {
    byte[] bytes = TestRuntime.bytes(11 * MIB + 777, 1);
    BehindFile file = open(Linux.O_WRONLY);
    writeInTurn(file, bytes, 40_000, false);
    file.file.close();
    assertWritten(bytes);
    assertEquals(bytes.length, test.statistics().bufferedBytes());
  }

  @Test
  void atPositions() throws Exception {
    byte[] bytes = TestRuntime.bytes(11 * MIB + 777, 2);
    BehindFile file = open(Linux.O_WRONLY);
    writeInTurn(file, bytes, 3 * MIB, true);
    file.file.close();
    assertWritten(bytes);
  }

  @Test
  void whileItIsOpen() throws Exception {
    byte[] bytes = TestRuntime.bytes(4 * MIB, 3);
    BehindFile file = open(Linux.O_WRONLY);
    writeInTurn(file, bytes, 100_000, true);
    assertWritten(bytes);
    Linux.dropPages(file.fd, 0, 0); // Of the test's own read.
    writeInTurn(file, bytes, 100_000, true);
    assertWritten(bytes);
  }

  @Test
  void atRandomPositions() throws Exception {
    int size = 24 * MIB;
    byte[] expected = new byte[size];
    test.scratch.written(NAME, size);
    BehindFile file = open(Linux.O_RDWR);
    Random random = new Random(4);
    for (int i = 0; i < 3000; i++) {
      byte[] part = TestRuntime.bytes(1 + random.nextInt(20_000), i);
      int at = random.nextInt(size - part.length);
      file.write(part, at);
      System.arraycopy(part, 0, expected, at, part.length);
    }
    file.file.close();
    assertWritten(expected);
  }

  @Test
  void atTheEndOfTheFile() throws Exception {
    byte[] bytes = TestRuntime.bytes(5 * MIB + 99, 5);
    Files.write(test.path(NAME), Arrays.copyOf(bytes, 1000));
    BehindFile file = open(Linux.O_WRONLY | Linux.O_APPEND);
    writeInTurn(file, Arrays.copyOfRange(bytes, 1000, bytes.length), 30_000, false);
    file.file.close();
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 0, () -> "dirty");
    assertEquals(1, BehindFile.cachedPages(test.path(NAME), 0, 100 * MIB), "the page before");
    Linux.dropPages(file.fd, 0, 0);
    assertWritten(bytes);
  }

  @Test
  void byTwoThatAppend() throws Exception {
    BehindFile one = open(Linux.O_WRONLY | Linux.O_APPEND);
    BehindFile two = open(Linux.O_WRONLY | Linux.O_APPEND);
    byte[] ones = new byte[10_000];
    byte[] twos = new byte[7000];
    Arrays.fill(ones, (byte) 1);
    Arrays.fill(twos, (byte) 2);
    CompletableFuture<Void> other = start(() -> repeat(400, () -> two.write(twos)));
    repeat(300, () -> one.write(ones));
    other.get(60, TimeUnit.SECONDS);
    one.file.close();
    two.file.close();
    BehindFile.awaitUncached(test, NAME);
    byte[] content = test.content(NAME);
    assertEquals(300 * 10_000 + 400 * 7000, content.length);
    for (int at = 0; at < content.length; ) {
      byte[] expected = content[at] == 1 ? ones : twos;
      assertArrayEquals(expected, Arrays.copyOfRange(content, at, at + expected.length));
      at += expected.length;
    }
  }

  private static void repeat(int count, Body body) throws Exception {
    for (int i = 0; i < count; i++) {
      body.run();
    }
  }

  /** Each writes every fourth part, so that all write to the same steps. */
  @Test
  void byFourThreadsWithTwoDescriptors() throws Exception {
    int part = 5000;
    byte[] bytes = TestRuntime.bytes(4000 * part, 6);
    BehindFile[] files = {open(Linux.O_WRONLY), open(Linux.O_RDWR)};
    CompletableFuture<?>[] writers = new CompletableFuture<?>[4];
    for (int i = 0; i < writers.length; i++) {
      int first = i;
      writers[i] =
          start(
              () -> {
                for (int at = first * part; at < bytes.length; at += writers.length * part) {
                  files[first % 2].write(Arrays.copyOfRange(bytes, at, at + part), at);
                }
              });
    }
    CompletableFuture.allOf(writers).get(60, TimeUnit.SECONDS);
    files[0].file.close();
    files[1].file.close();
    assertWritten(bytes);
  }

  /** Up to a MiB that was written before the move is found out stays. */
  @Test
  void afterTheOffsetHasMoved() throws Exception {
    byte[] expected = new byte[12 * MIB];
    test.scratch.written(NAME, expected.length);
    BehindFile file = open(Linux.O_RDWR);
    writeAt(file, 0, 1000, expected);
    writeAt(file, 10_000, MIB, expected);
    writeAt(file, 2 * MIB, 1000, expected);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      int at = 3 * MIB + random.nextInt(8 * MIB);
      writeAt(file, at, 1 + random.nextInt(60_000), expected);
    }
    file.file.close();
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 0, () -> "dirty");
    assertEquals(0, BehindFile.cachedPages(test.path(NAME), 3 * MIB, 9 * MIB));
    assertTrue(BehindFile.cachedPages(test.path(NAME), 0, 3 * MIB) <= (MIB + 10_000) / PAGE + 1);
    assertArrayEquals(expected, test.content(NAME));
  }

  private static void writeAt(BehindFile file, int at, int length, byte[] expected)
      throws IOException {
    Linux.seek(file.fd, at);
    byte[] part = TestRuntime.bytes(length, at);
    file.write(part);
    file.write(part);
    System.arraycopy(part, 0, expected, at, length);
    System.arraycopy(part, 0, expected, at + length, length);
  }

  @Test
  void pagesOfAReaderStay() throws Exception {
    byte[] bytes = TestRuntime.bytes(4 * MIB, 8);
    Files.write(test.path(NAME), bytes);
    BehindFile file = open(Linux.O_RDWR);
    assertEquals(0, Linux.fsync(file.fd));
    Linux.dropPages(file.fd, 0, 0);
    try (FileChannel reader = FileChannel.open(test.path(NAME))) {
      reader.read(java.nio.ByteBuffer.allocate(MIB), MIB);
    }
    long before = BehindFile.cachedPages(test.path(NAME), MIB, MIB);
    assertEquals(MIB / PAGE, before);
    writeInTurn(file, bytes, 100_000, true);
    file.file.close();
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 0, () -> "dirty");
    BehindFile.await(
        () ->
            BehindFile.cachedPages(test.path(NAME), 0, MIB) == 0
                && BehindFile.cachedPages(test.path(NAME), 3 * MIB, MIB) == 0,
        () -> "others are cached: " + BehindFile.cachedPages(test.path(NAME), 0, 4 * MIB));
    assertEquals(before, BehindFile.cachedPages(test.path(NAME), MIB, MIB));
  }

  @Test
  void aDirectWriteOfTheSamePages() throws Exception {
    int blocks = 64;
    test.scratch.written(NAME, blocks * PAGE);
    BehindFile behind = open(Linux.O_RDWR);
    DirectFile direct = test.open(NAME, FilePolicy.DEFAULT);
    // Each page has a half of each writer: the direct one reads nothing of the page cache.
    byte[] page = new byte[PAGE];
    CompletableFuture<Void> other =
        start(
            () -> {
              for (int round = 1; round <= 20; round++) {
                byte[] half = new byte[PAGE / 2];
                Arrays.fill(half, (byte) round);
                for (int at = 0; at < blocks; at += 2) {
                  behind.write(half, (long) at * PAGE + 100);
                }
              }
            });
    for (int round = 1; round <= 20; round++) {
      Arrays.fill(page, (byte) -round);
      for (int at = 1; at < blocks; at += 2) {
        TestRuntime.write(direct, page, (long) at * PAGE);
        if (at % 4 == 1) {
          TestRuntime.write(direct, Arrays.copyOf(page, 50), (long) (at - 1) * PAGE);
        }
      }
    }
    other.get(60, TimeUnit.SECONDS);
    behind.file.close();
    BehindFile.awaitUncached(test, NAME);
    byte[] content = test.content(NAME);
    for (int at = 0; at < content.length; at++) {
      int in = at % PAGE;
      boolean ofDirect = (at / PAGE) % 2 == 1;
      boolean head = (at / PAGE) % 4 == 0 && in < 50;
      int expected = ofDirect || head ? -20 : in >= 100 && in < 100 + PAGE / 2 ? 20 : 0;
      assertEquals(expected, content[at], "byte " + at);
    }
    assertEquals(0, test.statistics().collisions());
    assertEquals(0, test.statistics().errors());
  }

  /** Where such a write goes is not known before it has been made. */
  @Test
  void atTheOwnOffsetAllPagesAreClaimed() throws Exception {
    BehindFile file = open(Linux.O_RDWR);
    for (int i = 0; i < 3; i++) { // The offset is asked for from the second one on.
      file.write(new byte[10]);
      Linux.seek(file.fd, 2 * MIB);
    }
    PageClaims claims = file.file.context().node().claims();
    long written =
        file.write(
            BehindFile.OWN_OFFSET,
            PAGE,
            () -> {
              Linux.seek(file.fd, 8L * MIB); // By another thread.
              assertFalse(claims.tryClaim(PageClaim.direct(8L * MIB, PAGE)));
              return BehindFile.systemWrite(file.fd, new byte[PAGE], BehindFile.OWN_OFFSET);
            });
    assertEquals(PAGE, written);
    assertEquals(8 * MIB + PAGE, Files.size(test.path(NAME)));
  }

  @Test
  void eachIsAccounted() throws Exception {
    BehindFile file = open(Linux.O_RDWR);
    file.write(new byte[100], 50);
    file.write(new byte[200]);
    WriteEnded placed = test.events.all(WriteEnded.class).get(0);
    assertEquals(new WriteEnded(placed.request(), 100, 0, 100, 1), placed);
    assertEquals(50, placed.request().offset());
    assertEquals(2, test.statistics().writes());
    assertEquals(300, test.statistics().bufferedBytes());
    IOException failed = assertThrows(IOException.class, () -> fail(file));
    assertEquals(Errno.message(28), failed.getMessage());
    assertEquals(-28, test.events.only(Failed.class).result());
    assertEquals("buffered write", test.events.only(Failed.class).reason());
    assertEquals(1, test.statistics().errors());
    file.write(new byte[100], 50);
  }

  private static void fail(BehindFile file) throws IOException {
    long unused =
        file.write(
            0,
            100,
            () -> {
              throw new IOException(Errno.message(28));
            });
  }

  @Test
  void noDescriptorIsLeft() throws Exception {
    byte[] bytes = TestRuntime.bytes(3 * MIB, 9);
    for (int i = 0; i < 3; i++) {
      BehindFile file = open(Linux.O_RDWR);
      int before = BehindFile.openDescriptors();
      writeInTurn(file, bytes, 100_000, i % 2 == 0);
      assertEquals(before + 1, BehindFile.openDescriptors());
      file.file.close();
      BehindFile.awaitDescriptors(before);
      assertEquals(0, test.runtime.trails().dirtyBytes());
    }
  }

  @Test
  void aClosedFileIsNotWritten() throws Exception {
    BehindFile file = open(Linux.O_RDWR);
    int before = BehindFile.openDescriptors();
    file.write(new byte[100], 50);
    file.file.close();
    IOException refused = assertThrows(IOException.class, () -> file.write(new byte[100], 50));
    assertTrue(refused.getMessage().startsWith("the file is closed"), refused.getMessage());
    BehindFile.awaitDescriptors(before);
  }

  @Test
  void otherModesAreNot() throws Exception {
    assertFalse(test.open(NAME).isWrittenBehind());
    assertFalse(
        test.open(NAME, FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED)).isWrittenBehind());
    assertFalse(test.open(NAME, BehindFile.POLICY.withFallbackAllowed(false)).isWrittenBehind());
  }
}
