package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code write=auto}: callers' own writes, and asynchronous direct ones beside them. */
@Tag("engine")
@Tag("host")
class AutoWritesTest {
  private static final FilePolicy AUTO = FilePolicy.DEFAULT.withWrite(WriteMode.AUTO);
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 4096;
  private static final String NAME = "f";

  private final HeldPages pages = new HeldPages(TestRuntime.engine());
  private final TestRuntime test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> pages);
  private final Endings endings = new Endings();

  @AfterEach
  void close() {
    pages.letGo();
    test.close();
  }

  private BehindFile open() throws IOException {
    return BehindFile.open(test, NAME, Linux.O_RDWR, AUTO);
  }

  private DirectFile adopt(int flags, FilePolicy policy) throws IOException {
    return test.adopt(test.descriptor(test.path(NAME), flags | Linux.O_CREAT), policy);
  }

  private static boolean isDirect(BehindFile file, long position, long lengthBytes) {
    return !file.file.isWrittenBehind(position, lengthBytes);
  }

  /** Writes as the agent's asynchronous channels do, and waits; returns whether it went direct. */
  private boolean writeAsync(BehindFile to, byte[] bytes, long position) throws Exception {
    boolean direct = isDirect(to, position, bytes.length);
    if (direct) {
      assertEquals(bytes.length, endings.write(to.file, bytes, position).bytes());
    } else {
      to.write(bytes, position);
    }
    return direct;
  }

  private void assertWritten(byte[] expected) throws Exception {
    assertArrayEquals(expected, test.content(NAME));
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 0, () -> "dirty");
    int fd = test.descriptor(test.path(NAME), Linux.O_RDONLY);
    assertEquals(0, Linux.fdatasync(fd));
    Linux.dropPages(fd, 0, 0);
    assertArrayEquals(expected, test.content(NAME), "from the device");
    assertEquals(0, test.statistics().errors());
    assertEquals(0, test.statistics().lost());
  }

  @Test
  void theWayIsOfTheFileAndOfTheWrite() throws Exception {
    BehindFile file = open();
    assertFalse(isDirect(file, 0, BLOCK), "nothing is there to be overwritten");
    file.write(new byte[4 * BLOCK + 100]);
    assertTrue(isDirect(file, 0, 4 * BLOCK), "the size is that of the caller's own writes");
    assertTrue(isDirect(file, 3 * BLOCK, BLOCK));
    assertFalse(isDirect(file, 4 * BLOCK, BLOCK), "it extends the file");
    assertFalse(isDirect(file, 0, 100));
    assertFalse(isDirect(file, 100, BLOCK));
    assertFalse(isDirect(file, 0, 0));
    assertFalse(isDirect(file, Long.MAX_VALUE - BLOCK + 1, BLOCK));
    file.file.close();
    assertFalse(isDirect(file, 0, BLOCK), "closed");
  }

  @Test
  void asSyncWhereEachWriteWaitsOrFallbackIsForbidden() throws Exception {
    for (DirectFile file :
        new DirectFile[] {
          adopt(Linux.O_RDWR | Linux.O_SYNC, AUTO),
          adopt(Linux.O_RDWR | Linux.O_DSYNC, AUTO),
          adopt(Linux.O_RDWR, AUTO.withFallbackAllowed(false))
        }) {
      assertFalse(file.isWrittenBehind());
      assertFalse(file.isWrittenBehind(1, 1));
    }
    DirectFile behind = adopt(Linux.O_RDWR, BehindFile.POLICY);
    TestRuntime.write(behind, new byte[BLOCK], 0);
    assertTrue(behind.isWrittenBehind(0, BLOCK));
  }

  @Test
  void oneAfterTheOtherOnTheSamePages() throws Exception {
    byte[] expected = TestRuntime.bytes(4 * MIB, 1);
    BehindFile file = open();
    file.write(expected);
    Random random = new Random(7);
    int direct = 0;
    for (int i = 0; i < 2000; i++) {
      boolean blocks = random.nextInt(3) > 0;
      int length = blocks ? BLOCK * (1 + random.nextInt(8)) : 1 + random.nextInt(3 * BLOCK);
      int at = random.nextInt(64 * BLOCK) & (blocks ? -BLOCK : -1);
      byte[] bytes = TestRuntime.bytes(length, i);
      direct += writeAsync(file, bytes, at) ? 1 : 0;
      System.arraycopy(bytes, 0, expected, at, length);
    }
    assertTrue(direct > 500, direct + " went direct");
    file.file.close();
    assertWritten(expected);
  }

  /** A block is the direct writer's but for its last 100 bytes, which the caller writes. */
  @Test
  void atTheSameTimeOnTheSamePages() throws Exception {
    byte[] before = new byte[MIB];
    BehindFile file = open();
    file.write(before);
    byte[] large = TestRuntime.bytes(MIB, 5);
    byte[] small = new byte[100];
    Arrays.fill(small, (byte) 9);
    int rounds = 50;
    CompletableFuture<Void> caller =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < rounds; i++) {
                  for (int at = BLOCK - 100; at < MIB; at += BLOCK) {
                    file.write(small, at);
                  }
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    for (int i = 0; i < rounds; i++) {
      for (int at = 0; at < MIB; at += 16 * BLOCK) {
        Endings.One unused =
            endings.write(file.file, Arrays.copyOfRange(large, at, at + 16 * BLOCK), at);
      }
      endings.await();
    }
    caller.get(60, TimeUnit.SECONDS);
    file.file.close();
    byte[] content = test.content(NAME);
    for (int at = 0; at < MIB; at += BLOCK) {
      int tail = at + BLOCK - 100;
      assertArrayEquals(
          Arrays.copyOfRange(large, at, tail), Arrays.copyOfRange(content, at, tail), "at " + at);
      byte[] last = Arrays.copyOfRange(content, tail, at + BLOCK);
      assertTrue(
          Arrays.equals(small, last)
              || Arrays.equals(Arrays.copyOfRange(large, tail, at + BLOCK), last),
          "at " + tail);
    }
    assertWritten(content);
  }

  @Test
  void closedWithBothUnderWay() throws Exception {
    byte[] expected = TestRuntime.bytes(3 * MIB, 2);
    BehindFile file = open();
    file.write(new byte[3 * MIB], 0);
    pages.hold();
    file.write(Arrays.copyOfRange(expected, 2 * MIB, 3 * MIB), 2 * MIB);
    for (int at = 0; at < 2 * MIB; at += BLOCK) {
      assertTrue(isDirect(file, at, BLOCK));
      Endings.One unused =
          endings.write(file.file, Arrays.copyOfRange(expected, at, at + BLOCK), at);
    }
    file.file.close();
    endings.await();
    pages.letGo();
    assertWritten(expected);
  }

  @Test
  void anEarlierErrorIsThrownByTheNextWriteOfEitherKind() throws Exception {
    BehindFile one = open();
    BehindFile two = open();
    BehindFile three = open();
    one.write(new byte[2 * MIB], 0);
    for (BehindFile file : new BehindFile[] {two, three}) {
      file.write(new byte[10], 0);
    }
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() < MIB, () -> "dirty");
    assertTrue(isDirect(one, 0, BLOCK));
    pages.fail(1);
    one.write(new byte[MIB], MIB);
    assertEquals("write-back", test.events.await(Failed.class, 1, Endings.LONG).get(0).reason());
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() < MIB, () -> "dirty");
    IOException thrown = assertThrows(IOException.class, () -> writeAsync(one, new byte[BLOCK], 0));
    assertEquals("Input/output error", thrown.getMessage());
    assertTrue(writeAsync(one, new byte[BLOCK], 0), "once");
    assertThrows(IOException.class, () -> two.write(new byte[10], 0));
    assertTrue(writeAsync(two, new byte[BLOCK], 0), "once");
    test.expectErrorsAtClose();
    assertThrows(IOException.class, three.file::close);
    one.file.close();
    two.file.close();
  }
}
