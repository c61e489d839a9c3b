package io.dioagent.agent.apps;

import java.io.IOException;
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
 * Many virtual threads write gathered buffers at once and check what they wrote. Needs JDK 21.
 * Arguments: directory, threads.
 */
public final class VirtualThreadsApp {
  private VirtualThreadsApp() {}

  /** Ends with an exception if a file has other bytes than were written to it. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    ExecutorService pool =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    List<Future<?>> results = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      int seed = i;
      results.add(
          pool.submit(
              () -> {
                run(directory.resolve("v" + seed), new Random(seed));
                return null;
              }));
    }
    for (Future<?> result : results) {
      result.get();
    }
    System.out.println("all there");
  }

  private static void run(Path file, Random random) throws IOException {
    byte[] data = new byte[16_384 + random.nextInt(100_000)];
    random.nextBytes(data);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer[] parts = new ByteBuffer[8];
      int offset = 0;
      for (int i = 0; i < parts.length; i++) {
        int length = i < parts.length - 1 ? data.length / 8 : data.length - offset;
        parts[i] = ByteBuffer.wrap(data, offset, length);
        offset += length;
      }
      while (parts[parts.length - 1].hasRemaining()) {
        long unused = channel.write(parts);
      }
    }
    if (!Arrays.equals(data, Files.readAllBytes(file))) {
      throw new AssertionError(file + " has other bytes than written");
    }
  }
}
