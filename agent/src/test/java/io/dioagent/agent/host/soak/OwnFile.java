package io.dioagent.agent.host.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A file that only one worker writes, and its expected content. The effect of an operation that
 * ended with an error of the application's own making is unknown. Each of its bytes may be the old
 * or the new one; the one that is found counts from then on.
 */
final class OwnFile {
  static final int LARGEST_BYTES = 192 << 10;
  private static final int LARGEST_WRITE_BYTES = 40_000;
  private static final long BEFORE_NEXT_TRY_NANOS = 50_000_000;

  private final Path firstPath;
  private final Account account;
  private final SplittableRandom random;
  private final byte[] expected = new byte[LARGEST_BYTES + LARGEST_WRITE_BYTES];
  private final byte[] found = new byte[LARGEST_BYTES + LARGEST_WRITE_BYTES];
  private final byte[] bytes = new byte[LARGEST_WRITE_BYTES];
  private Path path;

  // Loads the code that handles an error, before the heap can be full.

  private final Step renew = this::renew;
  private final Step takeWhatIsThere = this::takeWhatIsThere;
  private final Step truncate = this::truncate;
  private int renewals;
  private int sizeBytes;
  private int offset;
  private int length;

  OwnFile(Path path, Account account, SplittableRandom random) {
    firstPath = path;
    this.path = path;
    this.account = account;
    this.random = random;
  }

  /** One way to write a range of a file. */
  interface Way {
    /** Writes all of a range of an array at an offset of the file. */
    void write(Path file, byte[] bytes, int length, long offset) throws Exception;
  }

  /** Makes it, without a byte. */
  void create() throws IOException {
    Files.write(path, new byte[0]);
    Arrays.fill(expected, (byte) 0);
    sizeBytes = 0;
  }

  /**
   * Goes on with another file: an asynchronous write that threw an Error may have begun all the
   * same, on any JVM.
   */
  void renew() throws IOException {
    Files.deleteIfExists(path);
    renewals++;
    path = firstPath.resolveSibling(firstPath.getFileName() + "-" + renewals);
    create();
  }

  /** Writes at random; whole blocks or not. */
  void write(Way way, boolean asynchronous) throws Exception {
    choose(random.nextInt(LARGEST_BYTES));
    if (random.nextInt(3) == 0) {
      offset &= -4096;
      length = Math.max(4096, length & -4096);
    }
    fill();
    run(way, asynchronous);
  }

  /** Writes at random behind all that is there, or from the start again when it is long enough. */
  void append(Way way) throws Exception {
    if (sizeBytes > LARGEST_BYTES) {
      goOn(truncate);
    }
    choose(sizeBytes);
    fill();
    run(way, false);
  }

  private void choose(int from) {
    offset = from;
    length = 1 + random.nextInt(LARGEST_WRITE_BYTES);
  }

  private void fill() {
    byte first = (byte) random.nextInt();
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i * 7);
    }
  }

  private void run(Way way, boolean asynchronous) throws Exception {
    boolean done = false;
    long unused = account.operations.incrementAndGet();
    try {
      way.write(path, bytes, length, offset);
      done = true;
    } finally {
      if (done) {
        System.arraycopy(bytes, 0, expected, offset, length);
        sizeBytes = Math.max(sizeBytes, offset + length);
      } else {
        goOn(asynchronous ? renew : takeWhatIsThere);
      }
    }
  }

  /** A step that may be repeated until it succeeds. */
  private interface Step {
    void run() throws IOException;
  }

  private void truncate() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
    Arrays.fill(expected, (byte) 0);
    sizeBytes = 0;
  }

  private void takeWhatIsThere() throws IOException {
    int foundBytes = read();
    compare(foundBytes, true);
    System.arraycopy(found, 0, expected, 0, foundBytes);
    sizeBytes = foundBytes;
  }

  /** Tries until it can: the heap may be full, and an interrupt may have come before. */
  private void goOn(Step step) {
    boolean interrupted = Thread.interrupted();
    while (!hasDone(step)) {
      LockSupport.parkNanos(BEFORE_NEXT_TRY_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasDone(Step step) {
    try {
      step.run();
      return true;
    } catch (Throwable e) {
      return !account.isOwn(e) && report(e);
    }
  }

  /** True in any case: it is not tried again. */
  private boolean report(Throwable error) {
    account.error("going on with " + path.getFileName(), error);
    return true;
  }

  /** Compares the whole file with its expected content. */
  void check() throws IOException {
    compare(read(), false);
  }

  /** Compares, and removes it. */
  void end() throws IOException {
    check();
    Files.delete(path);
  }

  private int read() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.wrap(found);
      while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {
        // Goes on to the end of the file.
      }
      return buffer.position();
    }
  }

  private void compare(int foundBytes, boolean lastMayBeMissing) {
    int longest = lastMayBeMissing ? Math.max(sizeBytes, offset + length) : sizeBytes;
    if (foundBytes < sizeBytes || foundBytes > longest) {
      account.wrong(name(), foundBytes, -1, "a size of " + sizeBytes + " to " + longest);
      return;
    }
    for (int i = 0; i < foundBytes; i++) {
      boolean written = i >= offset && i < offset + length;
      boolean mayBeNew = lastMayBeMissing && written && found[i] == bytes[i - offset];
      if (found[i] != expected[i] && !mayBeNew) {
        account.wrong(name(), i, found[i], String.valueOf(expected[i]));
        return;
      }
    }
  }

  private String name() {
    return path.getParent().getFileName()
        + "/"
        + path.getFileName()
        + " (last operation "
        + length
        + " bytes at "
        + offset
        + ")";
  }
}
