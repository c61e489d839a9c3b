package io.dioagent.agent.host;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The operations at the end of the stack: each API, on one file that was opened before. */
final class StackEndWays {
  /** One way; doing it again changes nothing. */
  interface Way {
    void run() throws IOException;
  }

  static final int FILE_BYTES = 64 << 10;
  private static final int BLOCK = 4096;
  private static final int ODD = 5001;

  private final Path path;
  private final byte[] content = new byte[FILE_BYTES];
  private final FileChannel channel;
  private final FileChannel source;
  private final RandomAccessFile random;
  private final FileOutputStream stream;
  private final FileChannel ofStream;
  private final AsynchronousFileChannel async;
  private final ByteBuffer direct = ByteBuffer.allocateDirect(FILE_BYTES);
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicReference<Throwable> failed = new AtomicReference<>();

  /**
   * Opens everything, and writes the file.
   *
   * @param pool of the asynchronous channel; null for none
   */
  StackEndWays(Path path, int seed, ExecutorService pool) throws IOException {
    this.path = path;
    Path copied = path.resolveSibling("copied");
    for (int i = 0; i < FILE_BYTES; i++) {
      content[i] = (byte) (i * 31 + i / BLOCK + seed);
    }
    direct.put(content);
    Files.write(copied, content);
    channel = FileChannel.open(path, CREATE, READ, WRITE);
    source = FileChannel.open(copied, READ);
    // Another file: on JDK 17 one is not pipelined while it is open so.
    Path other = path.resolveSibling("random");
    Files.write(other, content);
    random = new RandomAccessFile(other.toFile(), "rw");
    stream = new FileOutputStream(path.toFile(), true);
    ofStream = stream.getChannel();
    async = pool == null ? null : AsynchronousFileChannel.open(path, Set.of(WRITE), pool);
    int unused = channel.write(ByteBuffer.wrap(content), 0);
  }

  /** By name. The file is as long as before after each, and has the same bytes. */
  Map<String, Way> all() {
    Map<String, Way> ways = new TreeMap<>();
    ways.put("write", () -> full(channel.write(bytes(BLOCK, BLOCK), BLOCK), BLOCK));
    ways.put("write-odd", () -> full(channel.write(bytes(77, ODD), 77), ODD));
    ways.put("write-direct", () -> full(channel.write(memory(0, 4 * BLOCK), 0), 4 * BLOCK));
    ways.put("write-relative", () -> full(channel.position(BLOCK).write(bytes(BLOCK, ODD)), ODD));
    ways.put("gather", this::gather);
    ways.put("transfer-from", this::transferFrom);
    ways.put("random-write", this::randomWrite);
    ways.put("random-byte", this::randomByte);
    ways.put("force", this::force);
    ways.put("read", () -> check(77, ODD));
    ways.put("random-read", this::randomRead);
    ways.put("size", () -> full(channel.size(), FILE_BYTES));
    ways.put("random-length", () -> full(random.length(), FILE_BYTES));
    ways.put("truncate", this::truncate);
    ways.put("stream", this::append);
    ways.put("stream-byte", this::appendByte);
    ways.put("path-size", () -> full(Files.size(path), FILE_BYTES));
    if (async != null) {
      ways.put("async", this::submit);
    }
    return ways;
  }

  private ByteBuffer bytes(int from, int length) {
    return ByteBuffer.wrap(content, from, length);
  }

  private ByteBuffer memory(int from, int length) {
    return direct.duplicate().clear().position(from).limit(from + length);
  }

  private static void full(long actual, long expected) {
    if (actual != expected) {
      throw new IllegalStateException(actual + ", expected " + expected);
    }
  }

  private void gather() throws IOException {
    ByteBuffer[] parts = {bytes(BLOCK, 100), memory(BLOCK + 100, BLOCK), bytes(2 * BLOCK + 100, 7)};
    full(channel.position(BLOCK).write(parts), BLOCK + 107);
  }

  private void transferFrom() throws IOException {
    full(channel.transferFrom(source.position(BLOCK), BLOCK, 2 * BLOCK), 2 * BLOCK);
  }

  private void randomWrite() throws IOException {
    random.seek(3 * BLOCK);
    random.write(content, 3 * BLOCK, ODD);
  }

  private void randomByte() throws IOException {
    random.seek(99);
    random.write(content[99]);
  }

  private void force() throws IOException {
    full(channel.write(bytes(0, BLOCK), 0), BLOCK);
    channel.force(true);
  }

  private void randomRead() throws IOException {
    byte[] got = new byte[2 * BLOCK];
    random.seek(BLOCK);
    random.readFully(got);
    if (!Arrays.equals(got, Arrays.copyOfRange(content, BLOCK, 3 * BLOCK))) {
      throw new IllegalStateException("wrong bytes read from " + path);
    }
  }

  private void truncate() throws IOException {
    full(channel.write(bytes(0, BLOCK), FILE_BYTES), BLOCK);
    full(channel.truncate(FILE_BYTES).size(), FILE_BYTES);
  }

  private void append() throws IOException {
    stream.write(content, 0, ODD);
    full(ofStream.truncate(FILE_BYTES).size(), FILE_BYTES);
  }

  private void appendByte() throws IOException {
    stream.write(1);
    full(ofStream.truncate(FILE_BYTES).size(), FILE_BYTES);
  }

  private void submit() {
    boolean returned = false;
    try {
      async.write(
          bytes(2 * BLOCK, BLOCK),
          2L * BLOCK,
          null,
          new CompletionHandler<>() {
            @Override
            public void completed(Integer written, Object attachment) {
              ended.incrementAndGet();
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
              failed.compareAndSet(null, failure);
            }
          });
      returned = true;
    } finally {
      if (returned) {
        submitted.incrementAndGet();
      }
    }
  }

  /** Whether all submitted requests have ended; a request whose call threw may end, too. */
  boolean isEnded() throws IOException {
    if (failed.get() != null) {
      throw new IOException("asynchronous write", failed.get());
    }
    return ended.get() >= submitted.get();
  }

  /** Checks the file's bytes; a failed attempt may have left more behind them. */
  void verify() throws IOException {
    FileChannel unused = channel.truncate(FILE_BYTES);
    check(0, FILE_BYTES);
    byte[] all = Files.readAllBytes(path);
    if (!Arrays.equals(all, content)) {
      throw new IllegalStateException("wrong bytes in " + path);
    }
    random.seek(0);
    random.readFully(all);
    if (!Arrays.equals(all, content) || random.length() != FILE_BYTES) {
      throw new IllegalStateException("wrong bytes in the other file beside " + path);
    }
  }

  private void check(int from, int length) throws IOException {
    ByteBuffer got = ByteBuffer.allocate(length);
    full(channel.read(got, from), length);
    if (!got.flip().equals(bytes(from, length))) {
      throw new IllegalStateException("wrong bytes read from " + path);
    }
  }

  /** The channels to close, one by one: after an overflow one may be impossible to close. */
  List<Closeable> closeables() {
    List<Closeable> all = new ArrayList<>(List.of(channel, source, random, stream));
    if (async != null) {
      all.add(async);
    }
    return all;
  }
}
