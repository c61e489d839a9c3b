package io.dioagent.agent.contract;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Interrupts writers and closes channels under them, in all possible ways, and prints the writers'
 * results: the same with an agent and without. Arguments: a directory, and how often to open, write
 * and close.
 */
public final class ClosingApp {
  private static final int ROUNDS = 2;
  private static final int LENGTH = 256 << 10;
  private static final long LONGEST_SECONDS = 20;

  private final Path directory;
  private int files;

  private ClosingApp(Path directory) {
    this.directory = directory;
  }

  /** Ends with 3, and the stacks of all threads, if a writer hangs. */
  public static void main(String[] args) throws Exception {
    ClosingApp app = new ClosingApp(Path.of(args[0]));
    app.openAndClose(Opened.values().length);
    int descriptors = descriptors();
    for (Opened opened : Opened.values()) {
      for (Write write : Write.values()) {
        app.run("interrupted before", opened, write, app::interruptedBefore);
        app.run("interrupted during", opened, write, app::interruptedDuring);
        app.run("closed during", opened, write, app::closedDuring);
      }
    }
    app.openAndClose(Integer.parseInt(args[1]));
    System.out.println("descriptors more than before: " + (settled(descriptors) - descriptors));
  }

  /** How many descriptors there are, once those that other threads still hold are closed. */
  private static int settled(int expected) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    int now = descriptors();
    while (now > expected && System.nanoTime() - until < 0) {
      Thread.sleep(10);
      now = descriptors();
    }
    return now;
  }

  private enum Opened {
    CHANNEL,
    APPENDING,
    RANDOM_ACCESS_FILE,
    OUTPUT_STREAM;

    Closeable open(Path file) throws IOException {
      return switch (this) {
        case CHANNEL -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        case APPENDING ->
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        case RANDOM_ACCESS_FILE -> new RandomAccessFile(file.toFile(), "rw");
        case OUTPUT_STREAM -> new FileOutputStream(file.toFile());
      };
    }

    static FileChannel channelOf(Closeable opened) {
      if (opened instanceof RandomAccessFile file) {
        return file.getChannel();
      }
      return opened instanceof FileOutputStream stream ? stream.getChannel() : (FileChannel) opened;
    }
  }

  private enum Write {
    HERE,
    ELSEWHERE,
    GATHERED;

    long to(FileChannel channel, int number) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
      return switch (this) {
        case HERE -> channel.write(bytes);
        case ELSEWHERE -> channel.write(bytes, (long) number % 4 * LENGTH + number % 2 * 100L);
        case GATHERED ->
            channel.write(new ByteBuffer[] {bytes.slice(0, 5000), bytes.slice(5000, 100_000)});
      };
    }
  }

  private interface Scenario {
    String run(Closeable opened, Write write) throws Exception;
  }

  private void run(String name, Opened how, Write write, Scenario scenario) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path file = directory.resolve("file-" + files++);
      try (Closeable opened = how.open(file)) {
        String outcome = scenario.run(opened, write);
        System.out.println(name + ", " + how + ", " + write + ": " + outcome);
      }
      Files.delete(file);
    }
  }

  private String interruptedBefore(Closeable opened, Write write) throws Exception {
    Writer writer = new Writer(Opened.channelOf(opened), write, 1);
    writer.interrupt();
    writer.start();
    return writer.outcome();
  }

  private String interruptedDuring(Closeable opened, Write write) throws Exception {
    Writer writer = new Writer(Opened.channelOf(opened), write, Integer.MAX_VALUE);
    writer.start();
    writer.awaitWriting();
    writer.interrupt();
    return writer.outcome();
  }

  private String closedDuring(Closeable opened, Write write) throws Exception {
    Writer writer = new Writer(Opened.channelOf(opened), write, Integer.MAX_VALUE);
    writer.start();
    writer.awaitWriting();
    opened.close();
    return writer.outcome();
  }

  /** Writes until it is stopped, or something is thrown. */
  private static final class Writer extends Thread {
    private final FileChannel channel;
    private final Write write;
    private final int most;
    private final CountDownLatch writing = new CountDownLatch(2);

    /** Read by others after the end only. */
    private String outcome = "nothing";

    Writer(FileChannel channel, Write write, int most) {
      this.channel = channel;
      this.write = write;
      this.most = most;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        for (int number = 0; number < most; number++) {
          writing.countDown();
          long written = write.to(channel, number);
          if (written <= 0) {
            outcome = "wrote " + written;
            return;
          }
        }
        outcome = "wrote all";
      } catch (ClosedByInterruptException e) {
        outcome = "ClosedByInterruptException";
      } catch (ClosedChannelException e) {
        // Asynchronous or not: no specification says whether a write was under way.
        outcome = "closed";
      } catch (IOException | RuntimeException | Error e) {
        outcome = e.toString();
      }
      outcome += ", interrupted " + isInterrupted() + ", open " + channel.isOpen();
    }

    void awaitWriting() throws InterruptedException {
      if (!writing.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        hang();
      }
      Thread.sleep(1 + getId() % 5);
    }

    String outcome() throws InterruptedException {
      join(TimeUnit.SECONDS.toMillis(LONGEST_SECONDS));
      if (isAlive()) {
        hang();
      }
      return outcome;
    }

    private void hang() {
      System.out.println("HANG");
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                System.out.println(thread);
                Stream.of(stack).forEach(frame -> System.out.println("  " + frame));
              });
      Runtime.getRuntime().halt(3);
    }
  }

  private void openAndClose(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      Opened how = Opened.values()[i % Opened.values().length];
      try (Closeable opened = how.open(directory.resolve("opened"))) {
        FileChannel channel = Opened.channelOf(opened);
        for (int length : new int[] {8192, 100}) {
          if (channel.write(ByteBuffer.allocate(length)) != length) {
            throw new IllegalStateException("a short write");
          }
        }
      }
    }
  }

  private static int descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return (int) all.count();
    }
  }
}
