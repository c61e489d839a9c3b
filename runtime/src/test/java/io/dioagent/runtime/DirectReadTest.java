package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.ReadEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads past the page cache, compared with a plain read of the same file. */
class DirectReadTest {
  private static final int MIB = 1 << 20;
  static final FilePolicy DIRECT = FilePolicy.DEFAULT.withRead(ReadMode.DIRECT);

  private TestRuntime test = new TestRuntime();

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  /** Opens a file that is on the disk and not in the page cache, for reading only. */
  static DirectFile open(TestRuntime test, String name, byte[] content, FilePolicy policy)
      throws IOException {
    Files.write(test.path(name), content);
    dropFromCache(test, name);
    return test.adopt(test.descriptor(test.path(name), Linux.O_RDONLY), policy);
  }

  private static void dropFromCache(TestRuntime test, String name) {
    int fd = test.descriptor(test.path(name), Linux.O_RDONLY);
    assertEquals(0, Linux.fsync(fd));
    assertEquals(0, Linux.dropPages(fd, 0, 0));
  }

  static void skipUnlessDirect(DirectFile file) {
    CProgram.skipUnless(file.isDirect(), "no direct I/O here: " + file.reason());
  }

  /** Returns the bytes of a read, which are put between two guards. */
  static byte[] read(DirectFile file, long position, int lengthBytes) throws IOException {
    byte[] guarded = new byte[lengthBytes + 16];
    Arrays.fill(guarded, (byte) 0x77);
    long bytes = file.read(ReadSink.of(ByteBuffer.wrap(guarded, 8, lengthBytes)), position);
    for (int i = 0; i < guarded.length; i++) {
      assertTrue(
          (i >= 8 && i < 8 + bytes) || guarded[i] == 0x77, "byte " + (i - 8) + " of " + bytes);
    }
    return Arrays.copyOfRange(guarded, 8, 8 + (int) bytes);
  }

  private static byte[] part(byte[] content, long from, int lengthBytes) {
    if (from >= content.length) {
      return new byte[0];
    }
    return Arrays.copyOfRange(
        content, (int) from, (int) Math.min(content.length, from + lengthBytes));
  }

  private void atRandom(long seed, int rounds, int size) throws IOException {
    String name = "f" + seed;
    byte[] content = TestRuntime.bytes(size, seed);
    DirectFile file = open(test, name, content, DIRECT);
    Random random = new Random(seed);
    long read = 0;
    for (int i = 0; i < rounds; i++) {
      int length = (int) Math.pow(3 * MIB, random.nextDouble());
      long position =
          switch (random.nextInt(4)) {
            case 0 -> size - random.nextInt(Math.min(size, 9000));
            case 1 -> size + random.nextInt(9000);
            case 2 -> random.nextInt(size) & -4096;
            default -> random.nextInt(size);
          };
      String what = length + " bytes at " + position + " of " + size + ", seed " + seed;
      byte[] got = read(file, position, length);
      assertArrayEquals(part(content, position, length), got, what);
      read += got.length;
    }
    if (file.isDirect()) {
      assertEquals(
          read, test.events.all(ReadEnded.class).stream().mapToLong(ReadEnded::directBytes).sum());
    }
    test.events.clear();
  }

  @Test
  void readsAtRandom() throws Exception {
    for (int size : new int[] {1, 511, 4095, 4096, 4097, 300_000, 5 * MIB + 777}) {
      atRandom(size, 60, size);
    }
  }

  /** In pieces, each of one block. */
  @Test
  void readsInTinyPieces() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(1, 4096, 1 << 16));
    atRandom(5, 40, 300_000);
  }

  @Test
  void readsSequentiallyInAllSizes() throws Exception {
    byte[] content = TestRuntime.bytes(2 * MIB + 123, 8);
    DirectFile file = open(test, "f", content, DIRECT);
    Thread.sleep(1200); // At rest, so that it is read ahead.
    for (int step : new int[] {1000, 4096, 8192, 65536, 255_000, 256 << 10, MIB}) {
      Linux.seek(file.context().descriptors().given(), 0);
      byte[] got = new byte[content.length + step];
      int at = 0;
      while (true) {
        long bytes = file.read(ReadSink.of(ByteBuffer.wrap(got, at, step)));
        if (bytes == 0) {
          break;
        }
        assertEquals(Math.min(step, content.length - at), bytes, "at " + at);
        at += (int) bytes;
        assertEquals(at, Linux.position(file.context().descriptors().given()));
      }
      assertArrayEquals(content, Arrays.copyOf(got, at), "in steps of " + step);
    }
  }

  @Test
  void smallSequentialReadsAreServedFromBlocks() throws Exception {
    byte[] content = TestRuntime.bytes(4 * MIB, 8);
    DirectFile file = open(test, "f", content, DIRECT);
    skipUnlessDirect(file);
    Thread.sleep(1200);
    for (int at = 0; at < content.length; at += 8192) {
      assertArrayEquals(part(content, at, 8192), read(file, at, 8192));
    }
    List<ReadEnded> reported = test.events.all(ReadEnded.class);
    assertEquals(512, reported.size());
    assertEquals(content.length, reported.stream().mapToLong(ReadEnded::directBytes).sum());
    int own = reported.stream().mapToInt(ReadEnded::ios).sum();
    assertTrue(own < 100, own + " of 512 reads went to the device by themselves");
    test.awaitSettled();
  }

  /** Without reading ahead: a file that changes all the time has no blocks to keep. */
  @Test
  void aFileThatIsNotAtRestIsNotReadAhead() throws Exception {
    byte[] content = TestRuntime.bytes(MIB, 8);
    DirectFile file = open(test, "f", content, DIRECT);
    skipUnlessDirect(file);
    try (FileChannel writer = FileChannel.open(test.path("f"), StandardOpenOption.WRITE)) {
      for (int at = 0; at < content.length; at += 8192) {
        content[at] ^= 1;
        writer.write(ByteBuffer.wrap(content, at, 1), at);
        assertArrayEquals(part(content, at, 8192), read(file, at, 8192));
      }
    }
    assertEquals(128, test.events.all(ReadEnded.class).stream().mapToInt(ReadEnded::ios).sum());
  }

  @Test
  void randomReadsLeaveNothingInThePageCache() throws Exception {
    byte[] content = TestRuntime.bytes(3 * MIB, 8);
    DirectFile file = open(test, "f", content, DIRECT);
    skipUnlessDirect(file);
    int fd = test.descriptor(test.path("f"), Linux.O_RDONLY);
    try (CacheStatus cache = new CacheStatus()) {
      CProgram.skipUnless(cache.query(fd, 0, MIB) >= 0, "no cachestat(2) in this kernel");
      assertEquals(0, cache.query(fd, 0, 4 * MIB), "before");
      Random random = new Random(3);
      for (int i = 0; i < 100; i++) {
        read(file, random.nextInt(content.length), random.nextInt(400_000));
      }
      Thread.sleep(1200);
      for (int at = 0; at < content.length; at += 10_000) {
        read(file, at, 10_000);
      }
      assertEquals(0, cache.query(fd, 0, 4 * MIB), "pages in the cache after direct reads");
    }
    assertEquals(List.of(), test.events.all(Fallback.class));
  }

  // Other writers.

  /** Bytes of a buffered, a direct and a mapped writer are read at once. */
  @Test
  void readsBytesOfOtherWriters() throws Exception {
    byte[] content = TestRuntime.bytes(MIB, 8);
    DirectFile file = open(test, "f", content, DIRECT);
    DirectFile mine = test.adopt(test.descriptor(test.path("f"), Linux.O_RDWR), DIRECT);
    Random random = new Random(4);
    Thread.sleep(1200);
    for (int at = 0; at < MIB; at += 4096) {
      read(file, at, 4096); // Makes blocks of it available.
    }
    try (FileChannel buffered =
        FileChannel.open(test.path("f"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = buffered.map(FileChannel.MapMode.READ_WRITE, 0, MIB);
      for (int i = 0; i < 400; i++) {
        int position = random.nextInt(MIB - 20_000);
        byte[] bytes = TestRuntime.bytes(1 + random.nextInt(20_000), i);
        switch (random.nextInt(3)) {
          case 0 -> assertEquals(bytes.length, buffered.write(ByteBuffer.wrap(bytes), position));
          case 1 -> mapped.put(position, bytes);
          default -> assertEquals(bytes.length, TestRuntime.write(mine, bytes, position));
        }
        System.arraycopy(bytes, 0, content, position, bytes.length);
        int from = Math.max(0, position - random.nextInt(5000));
        int length = random.nextInt(30_000);
        assertArrayEquals(part(content, from, length), read(file, from, length), "round " + i);
        // A sequential reader of it.
        for (int at = position & -4096; at < position + bytes.length; at += 4096) {
          assertArrayEquals(part(content, at, 4096), read(file, at, 4096), "round " + i);
        }
      }
    }
  }

  // Files that cannot go direct.

  @Test
  void onTmpfsItIsReadBufferedAndReportedOnce() throws Exception {
    Path memory = Path.of("/dev/shm");
    CProgram.skipUnless(Files.isWritable(memory), "no /dev/shm");
    Path path = Files.createTempFile(memory, "dio-read", "");
    try {
      byte[] content = TestRuntime.bytes(10_000, 1);
      Files.write(path, content);
      DirectFile file = test.adopt(test.descriptor(path, Linux.O_RDONLY), DIRECT);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(part(content, 9_000 + i, 5000), read(file, 9_000 + i, 5000));
      }
      Fallback reported = test.events.only(Fallback.class);
      assertTrue(reported.reason().startsWith("reads: TMPFS"), reported.reason());
      ReadEnded read = test.events.all(ReadEnded.class).get(0);
      assertEquals(1000, read.bufferedBytes());
      assertEquals(0, read.directBytes());

      DirectFile forbidding =
          test.adopt(test.descriptor(path, Linux.O_RDONLY), DIRECT.withFallbackAllowed(false));
      IOException e = assertThrows(IOException.class, () -> read(forbidding, 4, 50));
      assertTrue(
          e.getMessage()
              .startsWith(
                  "read of 50 bytes at 4 of "
                      + path
                      + " cannot go direct, and fallback is forbidden: TMPFS"),
          e.getMessage());
    } finally {
      Files.delete(path);
    }
  }

  // Bad input.

  @Test
  void readsNothingBehindTheEndAndNotBeforeTheBeginning() throws Exception {
    DirectFile file = open(test, "f", new byte[100], DIRECT);
    assertEquals(0, read(file, 100, 10).length);
    assertEquals(0, read(file, 1L << 40, 10).length);
    assertEquals(0, read(file, 50, 0).length);
    assertEquals(50, read(file, 50, 4000).length);
    assertEquals(0, read(file, Long.MAX_VALUE - 5000, 10).length);
    IllegalArgumentException negative =
        assertThrows(IllegalArgumentException.class, () -> read(file, -1, 10));
    assertEquals("position is -1, expected 0 or more", negative.getMessage());
    IOException beyond = assertThrows(IOException.class, () -> read(file, Long.MAX_VALUE - 5, 10));
    assertEquals("Invalid argument", beyond.getMessage());
  }

  @Test
  void aFileOpenForOneIsNotGoodForTheOther() throws Exception {
    DirectFile reading = open(test, "f", new byte[100], DIRECT);
    for (byte[] bytes : List.of(new byte[10], new byte[4096])) {
      IOException e = assertThrows(IOException.class, () -> TestRuntime.write(reading, bytes, 0));
      assertEquals("Bad file descriptor", e.getMessage());
      assertEquals(Errno.EBADF, assertInstanceOf(DirectIoException.class, e.getCause()).errno());
    }
    DirectFile writing = test.adopt(test.descriptor(test.path("f"), Linux.O_WRONLY), DIRECT);
    IOException e = assertThrows(IOException.class, () -> read(writing, 0, 10));
    assertEquals("Bad file descriptor", e.getMessage());
    assertEquals(Errno.EBADF, assertInstanceOf(DirectIoException.class, e.getCause()).errno());
    assertTrue(e.getCause().getMessage().startsWith("read of 10 bytes at 0 of " + test.path("f")));
    TestRuntime.write(writing, new byte[] {1, 2}, 0);
    assertArrayEquals(new byte[] {1, 2, 0}, read(reading, 0, 3));
  }

  /** Fails as read(2) does. The JVM throws InternalError for a mapping whose file shrank. */
  @Test
  void memoryThatCannotBeWrittenToIsABadAddress() throws Exception {
    DirectFile file = open(test, "f", TestRuntime.bytes(20_000, 1), DIRECT);
    ReadSink failing =
        new ReadSink() {
          @Override
          public long lengthBytes() {
            return 20_000;
          }

          @Override
          public void copyFrom(long offset, ByteBuffer source) {
            throw new InternalError("as this test wants it");
          }
        };
    IOException e = assertThrows(IOException.class, () -> file.read(failing, 0));
    assertEquals("Bad address", e.getMessage());
    assertEquals(-Errno.EFAULT, test.events.only(ReadEnded.class).result());
    test.awaitSettled();
  }

  @Test
  void aClosedFileIsNotRead() throws Exception {
    DirectFile file = open(test, "f", new byte[100], DIRECT);
    read(file, 0, 10);
    file.close();
    assertThrows(IOException.class, () -> read(file, 0, 10));
  }

  /** Deleted, renamed, and with a name that belongs to another file by now. */
  @Test
  void readsTheFileNotItsName() throws Exception {
    byte[] content = TestRuntime.bytes(9000, 1);
    DirectFile file = open(test, "f", content, DIRECT);
    Files.delete(test.path("f"));
    Files.write(test.path("f"), new byte[20_000]);
    assertArrayEquals(content, read(file, 0, 20_000));
  }
}
