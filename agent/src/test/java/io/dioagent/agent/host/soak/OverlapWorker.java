package io.dioagent.agent.host.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Rounds of writes to overlapping ranges of one new file at once; then each byte must come from one
 * of the writes that covered it. By a channel each of two names of the file, or by one asynchronous
 * channel.
 */
final class OverlapWorker extends Worker {
  private static final int WRITERS = 8;
  private static final int LARGEST_OFFSET = 40_000;
  private static final int LARGEST_LENGTH = 12_000;

  private final Path path;
  private final Path otherName;
  private final boolean alsoAsynchronous;
  private final Writer[] writers = new Writer[WRITERS];
  private final List<Range> ranges = new ArrayList<>();
  private final byte[] found = new byte[LARGEST_OFFSET + LARGEST_LENGTH];

  /** The write of one writer. */
  private static final class Range {
    private final byte[] bytes;
    private final int offset;
    private volatile boolean certain;

    Range(byte value, int offset, int length) {
      bytes = new byte[length];
      Arrays.fill(bytes, value);
      this.offset = offset;
    }

    boolean covers(int at) {
      return at >= offset && at < offset + bytes.length;
    }
  }

  OverlapWorker(Path path, Account account, SplittableRandom random, boolean alsoAsynchronous) {
    super("overlap in " + path.getParent().getFileName(), account, random);
    this.alsoAsynchronous = alsoAsynchronous;
    for (int i = 0; i < WRITERS; i++) {
      writers[i] = new Writer(i);
      writers[i].start();
    }
    this.path = path;
    otherName = path.resolveSibling(path.getFileName() + "-link");
  }

  @Override
  void step() throws Exception {
    ranges.clear();
    for (int i = 1; i <= WRITERS; i++) {
      boolean blocks = random.nextInt(3) == 0;
      int offset = random.nextInt(LARGEST_OFFSET) & (blocks ? -4096 : -1);
      int length = 1 + random.nextInt(LARGEST_LENGTH);
      ranges.add(new Range((byte) i, offset, blocks ? Math.max(4096, length & -4096) : length));
    }
    Files.deleteIfExists(otherName);
    Files.deleteIfExists(path);
    Files.createFile(path);
    Files.createLink(otherName, path);
    boolean atOnce = alsoAsynchronous && random.nextInt(3) == 0;
    force(atOnce ? asynchronous() : synchronous());
    check();
    long unused = account.overlaps.incrementAndGet();
    unused = account.operations.addAndGet(WRITERS);
  }

  private Throwable synchronous() throws Exception {
    try (FileChannel one = FileChannel.open(path, StandardOpenOption.WRITE);
        FileChannel other = FileChannel.open(otherName, StandardOpenOption.WRITE)) {
      for (int i = 0; i < WRITERS; i++) {
        writers[i].begin(i % 2 == 0 ? one : other, ranges.get(i));
      }
      Throwable own = null;
      for (Writer writer : writers) {
        own = ownOf(writer.awaitEnd(), own);
      }
      return own;
    }
  }

  /** Records a failure, unless it is of the application's own making. */
  private Throwable ownOf(Throwable failure, Throwable before) {
    if (failure == null) {
      return before;
    }
    if (account.isOwn(failure)) {
      return failure;
    }
    account.error(name, failure);
    return before;
  }

  /**
   * A thread that writes one range after the other. It is handed each without an allocation, so
   * that a full heap cannot keep it from the next one.
   */
  private static final class Writer extends Thread {
    private FileChannel channel;
    private Range range;
    private Throwable failure;
    private boolean ending;

    Writer(int number) {
      super("soak-writer-" + number);
      setDaemon(true);
    }

    synchronized void begin(FileChannel newChannel, Range newRange) {
      channel = newChannel;
      range = newRange;
      failure = null;
      notifyAll();
    }

    synchronized Throwable awaitEnd() throws InterruptedException {
      while (range != null) {
        wait();
      }
      return failure;
    }

    synchronized void end() {
      ending = true;
      notifyAll();
    }

    @Override
    public void run() {
      while (awaitNext()) {
        Throwable thrown = null;
        try {
          ByteBuffer buffer = ByteBuffer.wrap(range.bytes);
          while (buffer.hasRemaining()) {
            int unused = channel.write(buffer, range.offset + buffer.position());
          }
          range.certain = true;
        } catch (Throwable e) {
          thrown = e;
        }
        ended(thrown);
      }
    }

    private synchronized boolean awaitNext() {
      while (range == null && !ending) {
        try {
          wait();
        } catch (InterruptedException e) {
          return false;
        }
      }
      return range != null;
    }

    private synchronized void ended(Throwable thrown) {
      failure = thrown;
      range = null;
      notifyAll();
    }
  }

  private Throwable asynchronous() throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(path, StandardOpenOption.WRITE)) {
      List<Future<?>> writes = new ArrayList<>();
      try {
        for (Range range : ranges) {
          writes.add(channel.write(ByteBuffer.wrap(range.bytes), range.offset));
        }
      } finally {
        awaitAll(writes);
      }
      Throwable own = null;
      for (int i = 0; i < writes.size(); i++) {
        Throwable failure = failureOf(writes.get(i));
        ranges.get(i).certain = failure == null;
        own = ownOf(failure, own);
      }
      return own;
    }
  }

  private static void awaitAll(List<Future<?>> writes) throws InterruptedException {
    for (Future<?> write : writes) {
      while (!write.isDone()) {
        Thread.sleep(1);
      }
    }
  }

  private static Throwable failureOf(Future<?> write) throws InterruptedException {
    try {
      Object unused = write.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private void force(Throwable own) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      if (own == null) {
        throw e;
      }
      e.addSuppressed(own);
      throw e;
    }
  }

  private void check() throws IOException {
    int size;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.wrap(found);
      while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {
        // Goes on to the end of the file.
      }
      size = buffer.position();
    }
    for (int i = 0; i < found.length; i++) {
      if (!isPossible(i, i < size ? found[i] : -1)) {
        account.wrong(name, i, i < size ? found[i] : -1, "one of " + covering(i));
        return;
      }
    }
  }

  /**
   * Whether a byte can be there.
   *
   * @param value -1 for the end of the file before it
   */
  private boolean isPossible(int at, int value) {
    boolean certain = false;
    boolean possible = false;
    for (Range range : ranges) {
      certain |= range.certain && range.covers(at);
      possible |= range.covers(at) && value == range.bytes[0];
    }
    return possible || (!certain && value <= 0);
  }

  private String covering(int at) {
    StringBuilder values = new StringBuilder();
    for (Range range : ranges) {
      if (range.covers(at)) {
        values.append(range.bytes[0]).append(range.certain ? " " : "? ");
      }
    }
    return values.toString().trim();
  }

  @Override
  void end() throws Exception {
    for (Writer writer : writers) {
      writer.end();
    }
    Files.deleteIfExists(otherName);
    Files.deleteIfExists(path);
  }
}
