package io.dioagent.agent.apps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes as fast as it can, in every way a channel has, from several threads to several files, and
 * at the end compares every byte. Argument: a directory. Commands on stdin, each answered with
 * {@code #N ANSWER}: {@code count} the writes so far; {@code left} descriptors below the directory,
 * AIO contexts and threads of the agent; {@code end} stops, compares and ends the process; {@code
 * damage} does so too, after it has changed one byte.
 */
public final class FullSpeedApp {
  /** A region is written over and over, so that files stay small. */
  private static final int REGION_BYTES = 3 << 20;

  private static final int REGIONS_OF_SHARED_FILE = 3;

  private final Path directory;
  private final LongAdder writes = new LongAdder();
  private final List<Region> regions = new ArrayList<>();
  private final List<RandomAccessFile> files = new ArrayList<>();
  private volatile boolean ending;

  private FullSpeedApp(Path directory) {
    this.directory = directory;
  }

  /** Ends with an exception if anything failed or differs. */
  public static void main(String[] args) throws Exception {
    new FullSpeedApp(Path.of(args[0])).run();
  }

  private void run() throws IOException, InterruptedException, ExecutionException {
    addFile("relative", 1, Way.RELATIVE);
    addFile("positional", 1, Way.POSITIONAL);
    addFile("gather", 1, Way.GATHER);
    addFile("file", 1, Way.FILE);
    addFile("mixed", 1, Way.MIXED);
    addFile("async", 1, Way.ASYNCHRONOUS);
    addFile("shared", REGIONS_OF_SHARED_FILE, Way.POSITIONAL);
    ExecutorService pool = Executors.newCachedThreadPool();
    List<Future<?>> writers = new ArrayList<>();
    for (Region region : regions) {
      writers.add(
          pool.submit(
              () -> {
                while (!ending) {
                  region.write();
                  writes.increment();
                }
                return null;
              }));
    }
    writers.add(pool.submit(() -> openAndClose()));
    boolean damage = obey(writers);
    ending = true;
    for (Future<?> writer : writers) {
      writer.get();
    }
    pool.shutdown();
    if (damage) {
      regions.get(0).damage();
    }
    for (Region region : regions) {
      region.compare();
    }
    for (Region region : regions) {
      region.close();
    }
    for (RandomAccessFile file : files) {
      file.close();
    }
    System.out.println("all there: " + writes.sum() + " writes");
  }

  /** Answers whether a byte is to be damaged. */
  private boolean obey(List<Future<?>> writers) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      for (Future<?> writer : writers) {
        if (writer.isDone()) {
          return false; // It failed: reported at once.
        }
      }
      String answer =
          switch (line) {
            case "count" -> String.valueOf(writes.sum());
            case "left" ->
                OwnProcess.descriptors(directory + "/held")
                    + " "
                    + OwnProcess.aioContexts()
                    + " "
                    + OwnProcess.agentThreads();
            default -> "ending";
          };
      System.out.println("#" + ++number + " " + answer);
      if (answer.equals("ending")) {
        return line.equals("damage");
      }
    }
    return false;
  }

  private void addFile(String name, int count, Way way) throws IOException {
    Path path = directory.resolve("held-" + name);
    RandomAccessFile file = newFile(path);
    files.add(file);
    for (int i = 0; i < count; i++) {
      regions.add(new Region(path, file, (long) i * REGION_BYTES, way, regions.size()));
    }
  }

  private static RandomAccessFile newFile(Path path) throws IOException {
    return new RandomAccessFile(path.toFile(), "rw");
  }

  /** Files that come and go meanwhile. */
  private Void openAndClose() throws IOException {
    for (int i = 0; !ending; i++) {
      Path file = directory.resolve("passing");
      try (RandomAccessFile passing = newFile(file)) {
        Region region = new Region(file, passing, 0, Way.values()[i % Way.values().length], i);
        for (int j = 0; j < 5; j++) {
          region.write();
          writes.increment();
        }
        region.compare();
        region.close();
      }
      Files.delete(file);
    }
    return null;
  }

  private enum Way {
    RELATIVE,
    POSITIONAL,
    GATHER,
    /** RandomAccessFile.write. */
    FILE,
    /** By turns RandomAccessFile.write and its channel's, at the position that they share. */
    MIXED,
    /** Several at once through an AsynchronousFileChannel of its own. */
    ASYNCHRONOUS
  }

  /** A range of a file, written by one thread from its start to its end, again and again. */
  private static final class Region {
    private final RandomAccessFile file;
    private final FileChannel channel;

    /** Null if it is not written by that. */
    private final AsynchronousFileChannel asynchronous;

    private final long start;
    private final Way way;
    private final SplittableRandom random;
    private final int number;

    /** Bytes written in this round; behind them are those of the round before. */
    private int filled;

    private int round = 1;

    Region(Path path, RandomAccessFile file, long start, Way way, int number) throws IOException {
      this.file = file;
      channel = file.getChannel();
      asynchronous =
          way == Way.ASYNCHRONOUS
              ? AsynchronousFileChannel.open(path, StandardOpenOption.WRITE)
              : null;
      this.start = start;
      this.way = way;
      this.number = number;
      random = new SplittableRandom(number);
    }

    /** Depends on the region, the round and the offset: a byte at a wrong place shows. */
    private byte content(int offset, int ofRound) {
      long mixed = (offset + 31L * number + 17L * ofRound) * 0x9e3779b97f4a7c15L;
      return (byte) (mixed >>> 56);
    }

    private ByteBuffer next(int length) {
      ByteBuffer buffer =
          length % 2 == 0 ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
      for (int i = 0; i < length; i++) {
        buffer.put(i, content(filled + i, round));
      }
      return buffer;
    }

    void write() throws IOException {
      int length = random.nextInt(4) == 0 ? random.nextInt(1, 20_000) : 4096 << random.nextInt(5);
      length = Math.min(length, REGION_BYTES - filled);
      ByteBuffer buffer = next(length);
      long written =
          switch (way) {
            case RELATIVE -> channel.write(buffer);
            case POSITIONAL -> channel.write(buffer, start + filled);
            case GATHER ->
                channel.write(
                    new ByteBuffer[] {
                      buffer.slice(0, length / 3), buffer.slice(length / 3, length - length / 3)
                    });
            case ASYNCHRONOUS -> writeInParts(buffer);
            case FILE -> writeToFile(buffer);
            case MIXED -> random.nextBoolean() ? writeToFile(buffer) : channel.write(buffer);
          };
      if (written != length) {
        throw new IOException(way + " wrote " + written + " of " + length);
      }
      filled += length;
      if (random.nextInt(200) == 0) {
        channel.force(false);
      }
      if (filled == REGION_BYTES) {
        filled = 0;
        round++;
        if (way != Way.POSITIONAL && way != Way.ASYNCHRONOUS) {
          channel.position(start);
        }
      }
    }

    private long writeInParts(ByteBuffer buffer) throws IOException {
      List<Future<Integer>> parts = new ArrayList<>();
      int length = Math.max(1, buffer.limit() / 3);
      for (int at = 0; at < buffer.limit(); at += length) {
        ByteBuffer part = buffer.slice(at, Math.min(length, buffer.limit() - at));
        parts.add(asynchronous.write(part, start + filled + at));
      }
      long written = 0;
      try {
        for (Future<Integer> part : parts) {
          written += part.get();
        }
      } catch (InterruptedException | ExecutionException e) {
        throw new IOException(e);
      }
      return written;
    }

    void close() throws IOException {
      if (asynchronous != null) {
        asynchronous.close();
      }
    }

    private long writeToFile(ByteBuffer buffer) throws IOException {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      file.write(bytes);
      return bytes.length;
    }

    void damage() throws IOException {
      file.seek(start + 1);
      int before = file.read();
      file.seek(start + 1);
      file.write(before + 1);
    }

    void compare() throws IOException {
      int end = round == 1 ? filled : REGION_BYTES;
      ByteBuffer found = ByteBuffer.allocate(end);
      while (found.hasRemaining()) {
        if (channel.read(found, start + found.position()) < 0) {
          throw new IOException(way + ": the file ends at " + (start + found.position()));
        }
      }
      for (int i = 0; i < end; i++) {
        byte expected = content(i, i < filled ? round : round - 1);
        if (found.get(i) != expected) {
          throw new IOException(
              way
                  + ": byte "
                  + (start + i)
                  + " is "
                  + found.get(i)
                  + ", expected "
                  + expected
                  + " of round "
                  + (i < filled ? round : round - 1));
        }
      }
      if (round == 1 && start == 0 && channel.size() < end) {
        throw new IOException(way + ": size " + channel.size() + ", expected " + end);
      }
    }
  }
}
