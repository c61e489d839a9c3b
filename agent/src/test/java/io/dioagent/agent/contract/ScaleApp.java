package io.dioagent.agent.contract;

import io.dioagent.agent.apps.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Very many channels, threads, openings. Argument: a directory. Commands on stdin, each answered
 * with {@code #N ANSWER}: {@code channels N} opens so many at once, writes to each twice, compares
 * and closes; {@code threads N} writes to one file and to so many by so many threads; {@code churn
 * N} opens, writes and closes so often; {@code rest MILLIS} does nothing; {@code held} prints KiB
 * resident and the number of mappings; {@code left} descriptors below the directory, AIO contexts
 * and threads of the agent.
 */
public final class ScaleApp {
  private static final int BLOCK = 4096;
  private static final int CHURNERS = 4;
  private static final int ROUNDS = 8;

  private final Path directory;

  private ScaleApp(Path directory) {
    this.directory = directory;
  }

  /** Runs until {@code quit}. */
  public static void main(String[] args) throws Exception {
    ScaleApp app = new ScaleApp(Path.of(args[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("quit")) {
        break;
      }
      System.out.println("#" + ++number + " " + app.run(line.split(" ", -1)));
    }
  }

  private String run(String[] words) throws Exception {
    switch (words[0]) {
      case "channels" -> channels(Integer.parseInt(words[1]));
      case "threads" -> threads(Integer.parseInt(words[1]));
      case "churn" -> churn(Integer.parseInt(words[1]));
      case "rest" -> Thread.sleep(Long.parseLong(words[1]));
      case "held" -> {
        System.gc();
        return OwnProcess.residentKibibytes() + " " + OwnProcess.mappings().size();
      }
      case "left" -> {
        return OwnProcess.descriptors(directory.toString())
            + " "
            + OwnProcess.aioContexts()
            + " "
            + OwnProcess.agentThreads();
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "ok";
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** A block that no other number and round has. */
  private static byte[] block(int number, int round) {
    return Bytes.of(1000L * number + round, BLOCK);
  }

  private static void expect(FileChannel channel, long offset, byte[] expected) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(expected.length);
    int read = channel.read(found, offset);
    if (read != expected.length || !Arrays.equals(expected, found.array())) {
      throw new AssertionError("differs at " + offset + ": " + read + " bytes read");
    }
  }

  private void channels(int count) throws IOException {
    List<FileChannel> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FileChannel channel = open(directory.resolve("channel-" + i));
      channel.write(ByteBuffer.wrap(block(i, 0)));
      open.add(channel);
    }
    for (int i = 0; i < count; i++) {
      open.get(i).write(ByteBuffer.wrap(block(i, 1)));
    }
    for (int i = 0; i < count; i++) {
      expect(open.get(i), 0, block(i, 0));
      expect(open.get(i), BLOCK, block(i, 1));
      open.get(i).close();
      Files.delete(directory.resolve("channel-" + i));
    }
  }

  private interface Task {
    void run(int thread) throws IOException;
  }

  private static void all(int threads, Task task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> results = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      results.add(
          pool.submit(
              () -> {
                task.run(thread);
                return null;
              }));
    }
    for (Future<?> result : results) {
      result.get();
    }
    pool.shutdown();
  }

  private void threads(int count) throws Exception {
    try (FileChannel shared = open(directory.resolve("shared"))) {
      all(count, thread -> writeOwnBlocks(shared, thread, count));
      for (int thread = 0; thread < count; thread++) {
        for (int round = 0; round < ROUNDS; round++) {
          expect(shared, ((long) round * count + thread) * BLOCK, block(thread, round));
        }
      }
    }
    all(
        count,
        thread -> {
          try (FileChannel own = open(directory.resolve("own-" + thread))) {
            writeOwnBlocks(own, 0, 1);
            for (int round = 0; round < ROUNDS; round++) {
              expect(own, (long) round * BLOCK, block(0, round));
            }
          }
        });
  }

  private static void writeOwnBlocks(FileChannel channel, int thread, int of) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      ByteBuffer block = ByteBuffer.wrap(block(thread, round));
      int written = channel.write(block, ((long) round * of + thread) * BLOCK);
      if (written != BLOCK) {
        throw new AssertionError(written + " bytes written");
      }
    }
  }

  private void churn(int count) throws Exception {
    all(
        CHURNERS,
        thread -> {
          Path file = directory.resolve("churn-" + thread);
          byte[] data = new byte[BLOCK];
          for (int i = thread; i < count; i += CHURNERS) {
            Arrays.fill(data, (byte) i);
            int length = i % 5 == 0 ? 100 : BLOCK;
            try (FileChannel channel = open(file)) {
              channel.write(ByteBuffer.wrap(data, 0, length));
              if (i % 1000 == thread) {
                expect(channel, 0, Arrays.copyOf(data, length));
              }
            }
          }
        });
  }
}
