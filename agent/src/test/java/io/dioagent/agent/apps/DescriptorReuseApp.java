package io.dioagent.agent.apps;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Opens, writes, closes and checks files in several threads, so that descriptor numbers are reused
 * all the time, for tagged and for other files. Arguments: directory, threads, rounds.
 */
public final class DescriptorReuseApp {
  private DescriptorReuseApp() {}

  /** Ends with an exception if a file has other bytes than were written to it. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> results = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int seed = thread;
      results.add(
          pool.submit(
              () -> {
                run(directory, rounds, seed);
                return null;
              }));
    }
    pool.shutdown();
    for (Future<?> result : results) {
      result.get();
    }
  }

  private static void run(Path directory, int rounds, int seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      String prefix = random.nextBoolean() ? "tagged-" : "other-";
      Path file = directory.resolve(prefix + seed + "-" + round);
      byte[] data = new byte[1 + random.nextInt(3 * 4096)];
      random.nextBytes(data);
      write(file, data, random.nextInt(4));
      byte[] found = Files.readAllBytes(file);
      if (!Arrays.equals(data, found)) {
        throw new AssertionError(
            file + ": " + found.length + " bytes, others than the " + data.length + " written");
      }
      Files.delete(file);
    }
  }

  private static void write(Path file, byte[] data, int way) throws IOException {
    switch (way) {
      case 0 -> {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          all(channel, data);
        }
      }
      case 1 -> {
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
          all(stream.getChannel(), data);
        }
      }
      case 2 -> {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
          all(random.getChannel(), data);
        }
      }
      default -> {
        // By the stream's own native write, which does not pass the agent, then by its channel.
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
          int half = data.length / 2;
          stream.write(data, 0, half);
          all(stream.getChannel(), Arrays.copyOfRange(data, half, data.length));
        }
      }
    }
  }

  private static void all(FileChannel channel, byte[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(data);
    while (buffer.hasRemaining()) {
      int unused = channel.write(buffer);
    }
  }
}
