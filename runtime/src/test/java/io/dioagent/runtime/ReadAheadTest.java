package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.ReadEnded;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Reading ahead of sequential readers: how often, and for how many bytes, the device is asked. A
 * read's own I/Os are counted by its event, all others by the kernel.
 */
class ReadAheadTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int SMALL = 8 * KIB;

  /** The JVM's own reads meanwhile, of directories and classes. */
  private static final int SLACK_BYTES = 256 * KIB;

  private static final int SLACK_CALLS = 20;

  private TestRuntime test = new TestRuntime();
  private byte[] content;
  private DirectFile file;

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  /** Opens a file that is at rest. */
  private void open(int lengthBytes) throws Exception {
    content = TestRuntime.bytes(lengthBytes, 8);
    file = DirectReadTest.open(test, "f", content, DirectReadTest.DIRECT);
    DirectReadTest.skipUnlessDirect(file);
    Thread.sleep(1200);
  }

  private void read(long at, int lengthBytes) throws IOException {
    byte[] expected =
        Arrays.copyOfRange(content, (int) at, (int) Math.min(content.length, at + lengthBytes));
    assertArrayEquals(expected, DirectReadTest.read(file, at, lengthBytes), "at " + at);
  }

  private void readAll(int from, int end, int step) throws IOException {
    for (int at = from; at < end; at += step) {
      read(at, step);
    }
  }

  /** Returns how many I/Os reads made by themselves. */
  private int own() {
    return test.events.all(ReadEnded.class).stream().mapToInt(ReadEnded::ios).sum();
  }

  /** Reads with several readers, one read of each after the other. */
  private void interleave(int readers) throws IOException {
    int part = content.length / readers;
    for (int at = 0; at < part; at += SMALL) {
      for (int reader = 0; reader < readers; reader++) {
        read((long) reader * part + at, SMALL);
      }
    }
  }

  @Test
  void eachOfSeveralReadersIsReadAhead() throws Exception {
    open(12 * MIB);
    ProcessIo before = ProcessIo.now();
    interleave(3);
    ProcessIo made = ProcessIo.now().since(before);
    System.out.println("three readers: " + made + ", own " + own());
    assertTrue(own() < 20, own() + " of 1536 reads went to the device by themselves");
    assertTrue(made.deviceBytes() < content.length + 3 * 4 * MIB + SLACK_BYTES, made.toString());
  }

  /** More than are known at once: what is read stays right, and each read is made. */
  @Test
  void moreReadersThanAreKnownReadTheSame() throws Exception {
    open(5 * MIB);
    interleave(20);
    assertEquals(
        content.length,
        test.events.all(ReadEnded.class).stream().mapToLong(ReadEnded::directBytes).sum());
  }

  /** A reader is not forgotten because of reads at random beside it. */
  @Test
  void readsAtRandomBesideASequentialReaderDoNotStopIt() throws Exception {
    open(16 * MIB);
    Random random = new Random(1);
    int scattered = 0;
    for (int at = 0; at < 4 * MIB; at += SMALL) {
      read(at, SMALL);
      for (int i = 0; i < 5; i++) {
        read(8 * MIB + random.nextInt(8 * MIB - SMALL), 100);
        scattered++;
      }
    }
    int sequential = own() - scattered;
    assertTrue(sequential < 20, sequential + " of 512 sequential reads went to the device");
  }

  @Test
  void smallReadsAreServedFromMemory() throws Exception {
    open(16 * MIB);
    ProcessIo before = ProcessIo.now();
    readAll(0, content.length, 4 * KIB);
    ProcessIo made = ProcessIo.now().since(before);
    System.out.println("4096 reads of 4 KiB: " + made + ", own " + own());
    assertTrue(own() < 20, own() + " reads went to the device by themselves");
    assertTrue(made.calls() < 400, made.toString());
  }

  @Test
  void theBlocksOfAFastReaderGrow() throws Exception {
    open(16 * MIB);
    test.withoutWatchdog( // It would drop old blocks, on a slow machine.
        () -> {
          int step = 60 * KIB;
          ProcessIo before = ProcessIo.now();
          long start = System.nanoTime();
          long id = nextRequestId();
          readAll(0, content.length, step);
          long blocks = nextRequestId() - id - 1 - (content.length + step - 1) / step;
          ProcessIo made = ProcessIo.now().since(before);
          System.out.println("60 KiB at a time: " + blocks + " blocks, " + made + ", own " + own());
          assertTrue(own() <= 3, own() + " reads went to the device by themselves");
          assertTrue(made.deviceBytes() < content.length + SLACK_BYTES, made.toString());
          CProgram.skipUnless(TestRuntime.millisSince(start) < 2000, "this machine reads slowly");
          assertTrue(blocks < 45, blocks + " blocks for 16 MiB");
        });
    file.close(); // Otherwise the last blocks are kept for a second.
  }

  /** Each read and each block has one. */
  private long nextRequestId() {
    return test.runtime.context().nextObservedRequestId();
  }

  @Test
  void readsAtRandomAskForTheirOwnBlocksOnly() throws Exception {
    open(16 * MIB);
    Random random = new Random(7);
    ProcessIo before = ProcessIo.now();
    int last = -1;
    for (int i = 0; i < 300; i++) {
      int block = random.nextInt(content.length / (4 * KIB));
      block = block == last + 1 ? 0 : block;
      read(block * 4L * KIB, 4 * KIB);
      last = block;
    }
    ProcessIo made = ProcessIo.now().since(before);
    System.out.println("300 reads at random: " + made);
    assertEquals(300, own());
    assertTrue(made.calls() < 300 + SLACK_CALLS, made.toString());
    assertTrue(made.deviceBytes() < 300 * 4 * KIB + SLACK_BYTES, made.toString());
  }

  /** A run that soon ends costs two of the smallest blocks. */
  @Test
  void shortRunsAreReadAheadALittle() throws Exception {
    open(16 * MIB);
    ProcessIo before = ProcessIo.now();
    for (int run = 0; run < 30; run++) {
      int from = (run * 7 + 1) % 31 * 512 * KIB + 4 * KIB;
      readAll(from, from + 4 * SMALL, SMALL);
    }
    ProcessIo made = ProcessIo.now().since(before);
    System.out.println("30 runs of 32 KiB: " + made);
    assertTrue(made.deviceBytes() <= 30 * (2 * SMALL + 128 * KIB) + SLACK_BYTES, made.toString());
  }

  /** A reader that takes longer than a second for a block begins anew with small ones. */
  @Test
  void theBlocksOfASlowReaderAreSmall() throws Exception {
    open(16 * MIB);
    readAll(0, 8 * MIB, 4 * KIB);
    Thread.sleep(1500);
    ProcessIo before = ProcessIo.now();
    readAll(8 * MIB, 8 * MIB + 4 * SMALL, SMALL);
    Thread.sleep(1500);
    ProcessIo made = ProcessIo.now().since(before);
    System.out.println("a slow reader: " + made);
    assertTrue(made.deviceBytes() <= 2 * SMALL + 128 * KIB + SLACK_BYTES, made.toString());
    assertEquals(0, test.statistics().bufferBytes());
  }

  /** At most a quarter of the memory; without a block, a read is made by itself. */
  @Test
  void memoryIsBounded() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(4, MIB, 4 * MIB));
    open(12 * MIB);
    long most = 0;
    int part = content.length / 6;
    for (int at = 0; at < part; at += SMALL) {
      for (int reader = 0; reader < 6; reader++) {
        read((long) reader * part + at, SMALL);
        most = Math.max(most, test.statistics().bufferBytes());
      }
    }
    System.out.println("six readers: at most " + most + " bytes, own " + own());
    assertTrue(most <= MIB + 64 * KIB, most + " bytes of memory");
    assertTrue(own() < 800, own() + " of 1536 reads went to the device by themselves");
  }

  // What happens to a file meanwhile.

  @Test
  void whatWasReadAheadOfATruncationIsNotUsed() throws Exception {
    open(MIB);
    readAll(0, 40 * KIB, SMALL);
    try (FileChannel writer = FileChannel.open(test.path("f"), StandardOpenOption.WRITE)) {
      writer.truncate(42 * KIB);
      assertEquals(2 * KIB, DirectReadTest.read(file, 40 * KIB, SMALL).length);
      assertEquals(0, DirectReadTest.read(file, 48 * KIB, SMALL).length);
      writer.write(ByteBuffer.wrap(new byte[1]), 64 * KIB - 1);
    }
    assertArrayEquals(new byte[SMALL], DirectReadTest.read(file, 44 * KIB, SMALL));
  }

  @Test
  void aDeletedFileIsReadOn() throws Exception {
    open(2 * MIB);
    readAll(0, 40 * KIB, SMALL);
    Files.delete(test.path("f"));
    Files.write(test.path("f"), new byte[MIB]);
    readAll(40 * KIB, 2 * MIB, SMALL);
  }

  @Test
  void anInterruptedReaderGoesOn() throws Exception {
    open(4 * MIB);
    for (int at = 0; at < content.length; at += SMALL) {
      Thread.currentThread().interrupt();
      read(at, SMALL);
      assertTrue(Thread.interrupted(), "the interrupt is kept");
    }
    assertTrue(own() < 20, own() + " reads went to the device by themselves");
  }

  /** The end that is read ahead is no longer than the file, and found by no further block. */
  @Test
  void theEndIsFound() throws Exception {
    open(3 * MIB + 777);
    readAll(0, content.length, SMALL);
    assertEquals(0, DirectReadTest.read(file, content.length, SMALL).length);
    assertEquals(
        content.length,
        test.events.all(ReadEnded.class).stream().mapToLong(ReadEnded::directBytes).sum());
  }

  @Test
  void aCloseGivesBackAllBlocks() throws Exception {
    open(4 * MIB);
    int other = test.descriptor(test.path("f"), Linux.O_RDONLY);
    for (int i = 0; i < 20; i++) {
      file = test.adopt(other, DirectReadTest.DIRECT);
      readAll(0, (1 + i) * 16 * KIB, SMALL);
      file.close();
      test.awaitSettled();
    }
  }
}
