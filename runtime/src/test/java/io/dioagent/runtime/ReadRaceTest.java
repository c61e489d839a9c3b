package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.ReadEnded;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.Linux;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Direct reads beside writers return only bytes that were written, and none older than an ended
 * write.
 */
class ReadRaceTest {
  private static final int PAGE = 4096;

  private final TestRuntime test = new TestRuntime();

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  private interface Writer {
    void write(byte[] bytes, long position) throws Exception;
  }

  private Writer buffered() throws Exception {
    FileChannel channel =
        FileChannel.open(test.path("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return (bytes, position) -> channel.write(ByteBuffer.wrap(bytes), position);
  }

  private Writer writer(WriteMode mode) throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withWrite(mode));
    return (bytes, position) -> TestRuntime.write(file, bytes, position);
  }

  /** Returns the byte that belongs at an offset; never 0. */
  private static byte at(long offset) {
    return (byte) (1 + offset * 31 % 251 % 255);
  }

  private static byte[] pattern(long from, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (int i = 0; i < lengthBytes; i++) {
      bytes[i] = at(from + i);
    }
    return bytes;
  }

  private static void assertPattern(byte[] got, long from) {
    for (int i = 0; i < got.length; i++) {
      if (got[i] != at(from + i)) {
        throw new AssertionError(
            "byte at " + (from + i) + " is " + got[i] + ", written was " + at(from + i));
      }
    }
  }

  /** Runs a writer, and reads until it has ended. */
  private static void beside(Callable<Void> writer, Callable<Void> reading) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Void> writing = thread.submit(writer);
    thread.shutdown();
    try {
      while (!writing.isDone()) {
        reading.call();
      }
    } finally {
      thread.shutdownNow();
      assertTrue(thread.awaitTermination(60, TimeUnit.SECONDS));
    }
    try {
      writing.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** A file that grows while its end is read. */
  private void besideAnAppender(Writer writer) throws Exception {
    DirectFile file =
        test.adopt(test.descriptor(test.path("f"), Linux.O_RDONLY), DirectReadTest.DIRECT);
    AtomicLong begun = new AtomicLong();
    AtomicLong ended = new AtomicLong();
    Random random = new Random(1);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    Callable<Void> appender =
        () -> {
          Random sizes = new Random(2);
          while (System.nanoTime() < end) {
            int length = 1 + sizes.nextInt(sizes.nextInt(4) == 0 ? 300_000 : 6000);
            long from = begun.getAndAdd(length);
            writer.write(pattern(from, length), from);
            ended.addAndGet(length);
          }
          return null;
        };
    beside(
        appender,
        () -> {
          long known = ended.get();
          long from = Math.max(0, known - random.nextInt(10_000));
          int length = 1 + random.nextInt(random.nextBoolean() ? 20_000 : 400_000);
          byte[] got = DirectReadTest.read(file, from, length);
          assertPattern(got, from);
          assertTrue(got.length >= Math.min(length, known - from), "known " + known);
          assertTrue(from + got.length <= begun.get());
          return null;
        });
    System.out.println("appended " + ended + " beside " + reads() + " reads");
  }

  private int reads() {
    return test.events.all(ReadEnded.class).size();
  }

  @Test
  void besideABufferedAppender() throws Exception {
    besideAnAppender(buffered());
  }

  @Test
  void besideADirectAppender() throws Exception {
    besideAnAppender(writer(WriteMode.SYNC));
  }

  /** Copied bytes already count as written. */
  @Test
  void besideAPipelinedAppender() throws Exception {
    besideAnAppender(writer(WriteMode.PIPELINED));
  }

  /** Cut and written again: a read returns the bytes written there, and never more. */
  @Test
  void besideATruncatingWriter() throws Exception {
    FileChannel channel =
        FileChannel.open(test.path("f"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    DirectFile file =
        test.adopt(test.descriptor(test.path("f"), Linux.O_RDONLY), DirectReadTest.DIRECT);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    Random random = new Random(1);
    beside(
        () -> {
          Random sizes = new Random(2);
          while (System.nanoTime() < end) {
            channel.truncate(sizes.nextInt(100_000));
            long from = channel.size();
            channel.write(ByteBuffer.wrap(pattern(from, sizes.nextInt(100_000))), from);
          }
          channel.close();
          return null;
        },
        () -> {
          long from = random.nextInt(200_000);
          assertPattern(DirectReadTest.read(file, from, 1 + random.nextInt(50_000)), from);
          return null;
        });
    System.out.println("truncated beside " + reads() + " reads");
  }

  /**
   * Pages with their versions, overwritten in bursts with rests between them, so that blocks are
   * kept and have to be given up. No read returns a version older than the last one whose write had
   * ended when the read began.
   *
   * @param streams sequential readers, which take turns
   */
  private void besideBursts(Writer writer, int streams) throws Exception {
    int pages = 512;
    AtomicLongArray ended = new AtomicLongArray(pages);
    for (int i = 0; i < pages; i++) {
      writer.write(page(1), (long) i * PAGE);
      ended.set(i, 1);
    }
    DirectFile file =
        test.adopt(test.descriptor(test.path("f"), Linux.O_RDONLY), DirectReadTest.DIRECT);
    DirectReadTest.skipUnlessDirect(file);
    long[] next = {0};
    beside(
        () -> {
          Random random = new Random(2);
          for (int burst = 0; burst < 4; burst++) {
            Thread.sleep(1100 + random.nextInt(300));
            for (int i = 0; i < 40; i++) {
              int at = random.nextInt(pages);
              writer.write(page(ended.get(at) + 1), (long) at * PAGE);
              ended.incrementAndGet(at);
            }
          }
          return null;
        },
        () -> {
          long turn = next[0]++;
          int at = (int) ((turn / streams + turn % streams * (pages / streams)) % pages);
          long least = ended.get(at);
          byte[] got = DirectReadTest.read(file, (long) at * PAGE, PAGE);
          assertEquals(PAGE, got.length);
          long version = ByteBuffer.wrap(got).getLong();
          assertTrue(
              version >= least, "page " + at + " has version " + version + ", ended was " + least);
          return null;
        });
    int own = test.events.all(ReadEnded.class).stream().mapToInt(ReadEnded::ios).sum();
    System.out.println(reads() + " reads beside bursts, of these by themselves " + own);
    assertTrue(own < reads(), own + " native reads for " + reads() + " reads");
  }

  private static byte[] page(long version) {
    ByteBuffer page = ByteBuffer.allocate(PAGE);
    while (page.hasRemaining()) {
      page.putLong(version);
    }
    return page.array();
  }

  @Test
  void besideBurstsOfBufferedWrites() throws Exception {
    besideBursts(buffered(), 1);
  }

  @Test
  void besideBurstsOfDirectWrites() throws Exception {
    besideBursts(writer(WriteMode.SYNC), 1);
  }

  @Test
  void besideBurstsOfPipelinedWrites() throws Exception {
    besideBursts(writer(WriteMode.PIPELINED), 1);
  }

  @Test
  void severalStreamsBesideBurstsOfBufferedWrites() throws Exception {
    besideBursts(buffered(), 4);
  }

  @Test
  void severalStreamsBesideBurstsOfDirectWrites() throws Exception {
    besideBursts(writer(WriteMode.SYNC), 4);
  }
}
