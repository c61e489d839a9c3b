package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.ReadDecision;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code read=auto} sends past the page cache. A caller reads the rest by itself. */
class ReadAutoTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final FilePolicy AUTO = FilePolicy.DEFAULT.withRead(ReadMode.AUTO);

  private final TestRuntime test = new TestRuntime();
  private final byte[] content = TestRuntime.bytes(20 * MIB, 8);
  private FileChannel cached;
  private DirectFile file;
  private long directBytes;
  private long cachedBytes;

  @AfterEach
  void close() throws Exception {
    if (cached != null) {
      cached.close();
    }
    test.close();
  }

  private void open(FilePolicy policy) throws Exception {
    file = DirectReadTest.open(test, "f", content, policy);
    DirectReadTest.skipUnlessDirect(file);
    cached = FileChannel.open(test.path("f"), StandardOpenOption.READ);
  }

  private void openAgain() throws IOException {
    file.close();
    file = test.adopt(test.descriptor(test.path("f"), Linux.O_RDONLY), AUTO);
  }

  /** Reads as the agent does. */
  private void read(long at, int lengthBytes) throws IOException {
    byte[] got;
    if (file.readsDirect(at, lengthBytes)) {
      got = DirectReadTest.read(file, at, lengthBytes);
      directBytes += got.length;
    } else {
      file.settle(at, lengthBytes);
      ByteBuffer buffer = ByteBuffer.allocate(lengthBytes);
      cachedBytes += Math.max(0, cached.read(buffer, at));
      got = Arrays.copyOf(buffer.array(), buffer.position());
    }
    int end = (int) Math.min(content.length, at + lengthBytes);
    assertArrayEquals(Arrays.copyOfRange(content, (int) at, end), got, "at " + at);
  }

  private void readAll(int step) throws IOException {
    for (int at = 0; at < content.length; at += step) {
      read(at, step);
    }
  }

  private long steps(ReadDecision decision) {
    return test.runtime.readSteps(decision);
  }

  private void skipWithoutCachestat() {
    try (CacheStatus cache = new CacheStatus()) {
      int fd = test.descriptor(test.path("f"), Linux.O_RDONLY);
      CProgram.skipUnless(cache.query(fd, 0, MIB) >= 0, "no cachestat(2) in this kernel");
    }
  }

  @Test
  void aLongRunGoesPastTheCache() throws Exception {
    open(AUTO);
    readAll(64 * KIB);
    assertEquals(MIB - 64 * KIB, cachedBytes, "before the run was long");
    assertEquals(content.length - cachedBytes, directBytes);
    assertEquals(5, steps(ReadDecision.DIRECT));
  }

  @Test
  void littleOfALongRunIsCached() throws Exception {
    open(AUTO);
    skipWithoutCachestat();
    readAll(16 * KIB);
    try (CacheStatus cache = new CacheStatus()) {
      int fd = test.descriptor(test.path("f"), Linux.O_RDONLY);
      long pages = cache.query(fd, 0, content.length);
      System.out.println(pages + " pages cached of " + content.length / 4096);
      assertTrue(pages * 4096 <= 6 * MIB, pages + " pages in the cache");
    }
  }

  @Test
  void aSecondPassIsCached() throws Exception {
    open(AUTO);
    readAll(64 * KIB);
    directBytes = 0;
    openAgain();
    readAll(64 * KIB);
    assertEquals(0, directBytes);
    assertTrue(steps(ReadDecision.AGAIN) > 0, "the first of these steps");
    assertEquals(5, steps(ReadDecision.AGAIN) + steps(ReadDecision.CACHED));
  }

  /** A file that changed in between is another file. */
  @Test
  void aPassAfterAChangeIsAFirstOne() throws Exception {
    open(AUTO);
    readAll(64 * KIB);
    directBytes = 0;
    Thread.sleep(50);
    try (FileChannel writer = FileChannel.open(test.path("f"), StandardOpenOption.WRITE)) {
      writer.write(ByteBuffer.wrap(content, 0, 10), 0);
    }
    openAgain();
    readAll(64 * KIB);
    assertTrue(directBytes >= 16 * MIB, directBytes + " bytes direct");
  }

  @Test
  void whatIsCachedStaysSo() throws Exception {
    open(AUTO);
    skipWithoutCachestat();
    assertArrayEquals(content, Files.readAllBytes(test.path("f")));
    readAll(64 * KIB);
    assertEquals(0, directBytes);
    assertEquals(5, steps(ReadDecision.CACHED));
  }

  @Test
  void readsAtRandomAreCached() throws Exception {
    open(AUTO);
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      read(random.nextInt(content.length - 64 * KIB) & -4096, 4096 + random.nextInt(60 * KIB));
    }
    assertEquals(0, directBytes);
  }

  @Test
  void shortRunsAreCached() throws Exception {
    open(AUTO);
    for (int from = 0; from < content.length; from += 2 * MIB) {
      for (int at = from; at < from + MIB - 64 * KIB; at += 32 * KIB) {
        read(at, 32 * KIB);
      }
    }
    assertEquals(0, directBytes);
  }

  /** Several runs in turns, each from another part of the file, and reads at random beside them. */
  @Test
  void eachRunIsDecidedByItself() throws Exception {
    open(AUTO);
    Random random = new Random(2);
    long scattered = 0;
    for (int at = 0; at < 4 * MIB; at += 32 * KIB) {
      read(at, 32 * KIB);
      read(8 * MIB + at, 32 * KIB);
      long cachedBefore = cachedBytes;
      read(16 * MIB + random.nextInt(MIB), 100);
      scattered += cachedBytes - cachedBefore;
    }
    assertEquals(128 * 100, scattered, "read at random, through the cache");
    assertTrue(directBytes >= 5 * MIB, directBytes + " bytes direct");
  }

  /** Bytes of direct, pipelined and buffered writers are read at once, both ways. */
  @Test
  void readsBytesOfWriters() throws Exception {
    open(AUTO);
    int fd = test.descriptor(test.path("f"), Linux.O_RDWR);
    DirectFile sync = test.adopt(fd, AUTO);
    DirectFile pipelined =
        test.adopt(
            test.descriptor(test.path("f"), Linux.O_RDWR), AUTO.withWrite(WriteMode.PIPELINED));
    Random random = new Random(3);
    try (FileChannel buffered = FileChannel.open(test.path("f"), StandardOpenOption.WRITE)) {
      for (int at = 0; at < content.length; at += 64 * KIB) {
        byte[] bytes = TestRuntime.bytes(1 + random.nextInt(20_000), at);
        int position = Math.min(at + random.nextInt(64 * KIB), content.length - bytes.length);
        switch (random.nextInt(3)) {
          case 0 -> assertEquals(bytes.length, TestRuntime.write(sync, bytes, position));
          case 1 -> assertEquals(bytes.length, TestRuntime.write(pipelined, bytes, position));
          default -> assertEquals(bytes.length, buffered.write(ByteBuffer.wrap(bytes), position));
        }
        System.arraycopy(bytes, 0, content, position, bytes.length);
        read(at, 64 * KIB);
        read(Math.max(0, at - random.nextInt(2 * MIB)), 5000);
      }
    }
    assertTrue(directBytes > 8 * MIB && cachedBytes > MIB, directBytes + " bytes direct");
  }

  @Test
  void aSmallFileIsCached() throws Exception {
    Files.write(test.path("small"), Arrays.copyOf(content, MIB + 512 * KIB));
    DirectFile small = test.adopt(test.descriptor(test.path("small"), Linux.O_RDONLY), AUTO);
    for (int at = 0; at < MIB + 512 * KIB; at += 64 * KIB) {
      assertFalse(small.readsDirect(at, 64 * KIB), "at " + at);
    }
  }

  @Test
  void whatCannotGoDirectIsCached() throws Exception {
    Path memory = Path.of("/dev/shm");
    CProgram.skipUnless(Files.isWritable(memory), "no /dev/shm");
    Path path = Files.createTempFile(memory, "dio-auto", "");
    try {
      Files.write(path, content);
      DirectFile inMemory = test.adopt(test.descriptor(path, Linux.O_RDONLY), AUTO);
      for (int at = 0; at < content.length; at += 64 * KIB) {
        assertFalse(inMemory.readsDirect(at, 64 * KIB), "at " + at);
      }
      assertEquals(5, steps(ReadDecision.NOT_POSSIBLE));
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void allReadsAreDirectIfFallbackIsForbidden() throws Exception {
    open(AUTO.withFallbackAllowed(false));
    assertTrue(file.readsDirect(5000, 10));
  }

  @Test
  void otherModesDoNotDecide() throws Exception {
    open(DirectReadTest.DIRECT);
    assertTrue(file.readsDirect(5000, 10));
    DirectFile buffered =
        test.adopt(test.descriptor(test.path("f"), Linux.O_RDWR), FilePolicy.DEFAULT);
    assertFalse(buffered.readsDirect(0, 64 * KIB));
  }
}
