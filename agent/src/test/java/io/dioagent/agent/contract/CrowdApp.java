package io.dioagent.agent.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Many threads write at once, and the files must hold all of it: on one channel, on a channel each
 * of one file, on a file each, and at the end of one file. Arguments: a directory, and {@code
 * platform} or {@code virtual} for the kind of threads.
 */
public final class CrowdApp {
  private static final int THREADS = 64;
  private static final int ROUNDS = 12;
  private static final long LONGEST_SECONDS = 120;

  /** Neither a page nor a sector. */
  private static final int RECORD = 9_999;

  private final Path directory;
  private final ExecutorService pool;

  private CrowdApp(Path directory, ExecutorService pool) {
    this.directory = directory;
    this.pool = pool;
  }

  /** Ends with an exception if something is not there. */
  public static void main(String[] args) throws Exception {
    ExecutorService pool =
        args[1].equals("virtual")
            ? (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null)
            : Executors.newFixedThreadPool(THREADS);
    CrowdApp app = new CrowdApp(Path.of(args[0]), pool);
    app.oneChannel();
    app.oneFile();
    app.fileEach();
    app.appending();
    pool.shutdown();
    System.out.println("all there");
  }

  private interface Task {
    void run(int thread) throws IOException;
  }

  private void all(Task task) throws Exception {
    List<Future<?>> results = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      results.add(
          pool.submit(
              () -> {
                task.run(thread);
                return null;
              }));
    }
    for (Future<?> result : results) {
      try {
        result.get(LONGEST_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a writer failed", e);
      }
    }
  }

  /** Where a thread's record of a round belongs, so that neighbours are of different threads. */
  private static long offset(int thread, int round) {
    return ((long) round * THREADS + thread) * RECORD;
  }

  private static byte[] record(int thread, int round) {
    return Bytes.of(1000L * thread + round, RECORD);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void oneChannel() throws Exception {
    Path file = directory.resolve("one-channel");
    try (FileChannel channel = open(file)) {
      all(thread -> writeRecords(channel, thread));
    }
    expectRecords(file);
  }

  private void oneFile() throws Exception {
    Path file = directory.resolve("one-file");
    all(
        thread -> {
          try (FileChannel channel = open(file)) {
            writeRecords(channel, thread);
          }
        });
    expectRecords(file);
  }

  private static void writeRecords(FileChannel channel, int thread) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      ByteBuffer buffer = ByteBuffer.wrap(record(thread, round));
      long offset = offset(thread, round);
      while (buffer.hasRemaining()) {
        offset += channel.write(buffer, offset);
      }
    }
  }

  private static void expectRecords(Path file) throws IOException {
    byte[] found = Files.readAllBytes(file);
    if (found.length != THREADS * ROUNDS * RECORD) {
      throw new AssertionError(file + " has " + found.length + " bytes");
    }
    for (int thread = 0; thread < THREADS; thread++) {
      for (int round = 0; round < ROUNDS; round++) {
        int from = (int) offset(thread, round);
        if (!Arrays.equals(found, from, from + RECORD, record(thread, round), 0, RECORD)) {
          throw new AssertionError(file + ": thread " + thread + ", round " + round + " differs");
        }
      }
    }
  }

  private void fileEach() throws Exception {
    all(
        thread -> {
          Path file = directory.resolve("file-" + thread);
          byte[] bytes = Bytes.of(thread, (ROUNDS * RECORD) << (thread % 3));
          try (FileChannel channel = open(file)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
              int length = Math.min(rest.remaining(), RECORD * (1 + thread % 5));
              ByteBuffer part = rest.slice(rest.position(), length);
              rest.position(rest.position() + channel.write(part));
            }
          }
          if (!Arrays.equals(bytes, Files.readAllBytes(file))) {
            throw new AssertionError(file + " differs");
          }
        });
  }

  /** Each by its own channel: an append is written in one piece. */
  private void appending() throws Exception {
    Path file = directory.resolve("appended");
    all(
        thread -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int round = 0; round < ROUNDS; round++) {
              byte[] record = record(thread, round);
              record[0] = (byte) thread;
              record[1] = (byte) round;
              int written = channel.write(ByteBuffer.wrap(record));
              if (written != RECORD) {
                throw new AssertionError("appended " + written);
              }
            }
          }
        });
    expectAppended(Files.readAllBytes(file));
  }

  private static void expectAppended(byte[] found) {
    if (found.length != THREADS * ROUNDS * RECORD) {
      throw new AssertionError(found.length + " bytes appended");
    }
    int[] nextRounds = new int[THREADS];
    for (int from = 0; from < found.length; from += RECORD) {
      int thread = found[from];
      int round = nextRounds[thread]++;
      if (found[from + 1] != round
          || !Arrays.equals(found, from + 2, from + RECORD, record(thread, round), 2, RECORD)) {
        throw new AssertionError("record at " + from + " is not thread " + thread + "'s next");
      }
    }
  }
}
