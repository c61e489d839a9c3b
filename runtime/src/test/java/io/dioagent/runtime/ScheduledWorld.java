package io.dioagent.runtime;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.behind.BehindBounds;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.engine.MemoryDevice;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A runtime on a device in memory, and one file of it, for one schedule of a scenario. When it is
 * closed it holds the runtime to its promises: all that was lent is back, nothing is on its way,
 * and the file has the bytes that it should.
 */
final class ScheduledWorld implements AutoCloseable {
  /** Of one write. */
  static final int BLOCK_BYTES = 4096;

  static final int BLOCKS = 8;

  /**
   * The system property that names the file, of {@link #BLOCKS} blocks. The runtime opens it; its
   * bytes are those of the device in memory.
   */
  static final String FILE = "dio.test.schedule.file";

  /**
   * Limit on the virtual time that a scenario without a stuck device takes. A wait that ends by its
   * own limit, and not by a notification, takes 20 ms at least.
   */
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

  /** Of a block that may or may not be written. */
  static final int ANY = -1;

  /** Longer than any deadline, in virtual time: by then a write has ended. */
  private static final long ENDED_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(10);
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** A class may open the file that it comes from. */
  private static volatile boolean classesAreLoaded;

  final MemoryDevice device = new MemoryDevice(BLOCKS * BLOCK_BYTES);
  final DirectRuntime runtime;
  final DirectFile file;
  private final int descriptorsBefore = openDescriptors();
  private final byte[] expected = new byte[BLOCKS];
  private final long startNanoTime;
  private IOException closeFailure;
  private boolean mayFail;

  // Of asynchronous writes.

  private final int[] endings = new int[BLOCKS];
  private final IOException[] failures = new IOException[BLOCKS];
  private int begun;
  private int ended;
  private AssertionError problem;

  ScheduledWorld(RuntimeOptions options, FilePolicy policy) {
    runtime = DirectRuntime.start(options, EventSink.none(), device);
    try {
      file = runtime.open(Path.of(System.getProperty(FILE)), policy);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    startNanoTime = System.nanoTime();
  }

  /** A block of one value. */
  static WriteSource block(int value) {
    byte[] bytes = new byte[BLOCK_BYTES];
    Arrays.fill(bytes, (byte) value);
    return WriteSource.of(ByteBuffer.wrap(bytes));
  }

  /** Writes one block, which is to be in the file at the end. */
  void write(int block, int value) throws IOException {
    write(block, value, () -> {});
  }

  /**
   * The same.
   *
   * @param beforeCopy run by the thread that copies the block
   */
  void write(int block, int value, Runnable beforeCopy) throws IOException {
    WriteSource bytes = block(value);
    WriteSource source =
        new WriteSource() {
          @Override
          public long lengthBytes() {
            return BLOCK_BYTES;
          }

          @Override
          public void copyTo(long offset, ByteBuffer destination) {
            beforeCopy.run();
            bytes.copyTo(offset, destination);
          }
        };
    long written = file.write(source, (long) block * BLOCK_BYTES);
    if (written != BLOCK_BYTES) {
      throw new AssertionError("write of block " + block + " returned " + written);
    }
    expect(block, value);
  }

  /** From now on a block is to be in the file with a value, when the world is closed. */
  synchronized void expect(int block, int value) {
    expected[block] = (byte) value;
  }

  /** Begins an asynchronous write of one block, which has a value of its own then. */
  void writeAsync(int block, Ended then) throws IOException {
    synchronized (this) {
      begun++;
    }
    boolean taken = false;
    try {
      file.writeAsync(
          block(block + 1),
          (long) block * BLOCK_BYTES,
          (bytes, failure) -> {
            try {
              then.ended(bytes, failure);
            } finally {
              ended(block, bytes, failure);
            }
          });
      taken = true;
    } finally {
      if (!taken) {
        synchronized (this) {
          begun--;
        }
      }
    }
    expect(block, block + 1);
  }

  /** By a thread of the runtime's, which would keep what is thrown. */
  private synchronized void ended(int block, long bytes, IOException failure) {
    endings[block]++;
    failures[block] = failure;
    ended++;
    boolean right =
        endings[block] == 1
            && bytes == (failure == null ? BLOCK_BYTES : 0)
            && (failure == null || mayFail);
    if (!right) {
      problem =
          new AssertionError(
              "block " + block + ", ending " + endings[block] + ": " + bytes + " bytes", failure);
    }
    notifyAll();
  }

  /** Waits until each asynchronous write has ended. */
  synchronized void awaitEnded() {
    awaitEnded(begun);
  }

  /** Waits until so many asynchronous writes have ended. */
  synchronized void awaitEnded(int count) {
    try {
      long end = System.nanoTime() + ENDED_NANOS;
      while (ended < count && problem == null) {
        check(System.nanoTime() - end < 0, "a write has not ended");
        wait(LOOK_MILLIS);
      }
      throwProblem();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private synchronized void throwProblem() {
    if (problem != null) {
      throw problem;
    }
  }

  /** How many asynchronous writes have failed. */
  synchronized int failed() {
    int count = 0;
    for (IOException failure : failures) {
      count += failure == null ? 0 : 1;
    }
    return count;
  }

  /** From now on writes may pass their deadline. */
  synchronized void mayFail() {
    mayFail = true;
  }

  /** Blocks are in the file by now, each as a whole, with values from 1 on. */
  void checkBlocks(int count) {
    byte[] now = device.content();
    for (int block = 0; block < count; block++) {
      checkBlock(now, block, block + 1);
    }
  }

  private static void checkBlock(byte[] now, int block, int value) {
    for (int at = block * BLOCK_BYTES; at < (block + 1) * BLOCK_BYTES; at++) {
      if (now[at] != value) {
        throw new AssertionError(
            "byte " + at + " of block " + block + " is " + now[at] + ", expected " + value);
      }
    }
  }

  /** Each wait so far has ended by a notification. */
  void checkPrompt() {
    long took = System.nanoTime() - startNanoTime;
    if (took >= PROMPT_NANOS) {
      throw new AssertionError("a wait was not notified: it took " + took / 1000 + " us");
    }
  }

  static void check(boolean holds, String whatIsWrong) {
    if (!holds) {
      throw new AssertionError(whatIsWrong);
    }
  }

  /** What a thread of a scenario does. */
  interface Body {
    void run() throws IOException;
  }

  static Thread start(String name, Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            name);
    thread.start();
    return thread;
  }

  static void join(Thread... threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets virtual time pass. */
  static void pass(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left; (left = until - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /** Closes the file. */
  synchronized IOException closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      closeFailure = e;
    }
    return closeFailure;
  }

  /** The last thread to end a write may have some of it to give back when the write has ended. */
  private void awaitSettled() {
    long end = System.nanoTime() + SETTLED_NANOS;
    for (String missing; (missing = missing()) != null; ) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(missing + ": " + runtime.statistics());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** What is not given back; null if all is. */
  private String missing() {
    Statistics now = runtime.statistics();
    if (now.inFlight() != 0 || now.bufferBytes() != 0 || now.quarantinedBytes() != 0) {
      return "memory is in use, or a write in flight";
    }
    if (runtime.trails().dirtyBytes() != 0 || !BehindBounds.areClosed(runtime.trails())) {
      return "a trail is open, of " + runtime.trails().dirtyBytes() + " bytes";
    }
    if (!BehindBounds.placesAreFree(runtime.trails(), file.context())) {
      return "a caller's write has its place";
    }
    PageClaims claims = file.context().node().claims();
    PageClaim all = PageClaim.cachedFile();
    if (claims.hasWaiting() || !claims.tryClaim(all)) {
      return "a claim is held";
    }
    claims.release(all);
    return file.context().descriptors().areInUse() ? "descriptors are in use" : null;
  }

  @Override
  public void close() {
    IOException failure = closeFile();
    if (failure != null && !(mayFail && isTimeout(failure))) {
      throw new AssertionError("the close of the file failed", failure);
    }
    awaitSettled();
    check(!runtime.hasPending(), "chunks are pending");
    checkStatistics(runtime.statistics());
    checkExpected();
    closeRuntime();
  }

  private static boolean isTimeout(IOException failure) {
    return failure instanceof DirectIoException || failure.getCause() instanceof DirectIoException;
  }

  private synchronized void checkExpected() {
    throwProblem();
    check(begun == ended, "asynchronous writes have not ended");
    byte[] now = device.content();
    for (int block = 0; block < BLOCKS; block++) {
      if (expected[block] != ANY) {
        checkBlock(now, block, expected[block]);
      }
    }
  }

  private static void checkStatistics(Statistics end) {
    if (end.openFiles() != 0
        || end.duplicates() != 0
        || end.unknown() != 0
        || end.errors() != 0
        || end.lost() != end.late() + end.notStarted()) {
      throw new AssertionError("expected no open file, nothing wrong, all late: " + end);
    }
  }

  private void closeRuntime() {
    endLingering();
    runtime.close();
    long end = System.nanoTime() + SETTLED_NANOS;
    while (device.openContexts() > 0) { // The lane of asynchronous writes goes with the reaper.
      check(System.nanoTime() - end < 0, "a lane did not come back");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    device.close();
    check(!classesAreLoaded || openDescriptors() == descriptorsBefore, "descriptors are open");
    classesAreLoaded = true;
  }

  /** The watchdog has nothing to look after any more but what stays for a while in case of more. */
  private void endLingering() {
    try {
      Field wards = Watchdog.class.getDeclaredField("wards");
      wards.setAccessible(true);
      ((Set<?>) wards.get(runtime.context().watchdog())).clear();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the watchdog has no wards", e);
    }
  }

  private static int openDescriptors() {
    String[] all = new File("/proc/self/fd").list();
    return all == null ? 0 : all.length;
  }
}
