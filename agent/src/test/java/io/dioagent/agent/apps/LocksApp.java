package io.dioagent.agent.apps;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Writes or reads a file in some way, closes it, opens it again, locks it, and looks some time
 * later whether the system still has the lock; round after round. Prints how many locks were lost,
 * and how many descriptors of the file there are at the end.
 */
public final class LocksApp {
  private static final int BLOCK_BYTES = 4096;
  private static final int READ_BYTES = 4 << 20;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path directory;
  private final Path file;
  private final Path link;

  private LocksApp(Path directory) {
    this.directory = directory;
    file = directory.resolve("locked");
    link = directory.resolve("hard-link");
  }

  /**
   * Runs the rounds.
   *
   * @param arguments a directory, the way, the number of rounds, and how long a lock has to last in
   *     milliseconds
   */
  public static void main(String[] arguments) throws Exception {
    LocksApp app = new LocksApp(Path.of(arguments[0]));
    int rounds = Integer.parseInt(arguments[2]);
    int lost = 0;
    for (int i = 0; i < rounds; i++) {
      app.use(arguments[1]);
      lost += app.isLockLost(Long.parseLong(arguments[3])) ? 1 : 0;
    }
    System.out.println("lost " + lost + " of " + rounds);
    System.out.println("left " + app.descriptorsInTheEnd());
  }

  /** Opens the file, does something with it, and closes it. */
  private void use(String way) throws IOException, InterruptedException {
    switch (way) {
      case "random" -> {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
          random.write(1);
        }
      }
      case "stream" -> {
        try (OutputStream stream = new FileOutputStream(file.toFile())) {
          stream.write(1);
        }
      }
      case "channel" -> {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
          random.write(1);
          FileChannel channel = random.getChannel();
          channel.write(ByteBuffer.allocate(BLOCK_BYTES), 0);
          channel.close();
        }
      }
      case "link" -> {
        if (!Files.exists(link)) {
          Files.createFile(file);
          Files.createLink(link, file);
        }
        try (OutputStream stream = new FileOutputStream(link.toFile())) {
          stream.write(1);
        }
      }
      case "read" -> {
        if (!Files.exists(file)) {
          Files.write(file, new byte[READ_BYTES]);
          TimeUnit.MILLISECONDS.sleep(1500); // Data that has just changed is not read ahead.
        }
        try (InputStream stream = new FileInputStream(file.toFile())) {
          for (int i = 0; i < 6; i++) {
            int unused = stream.read(new byte[2 * BLOCK_BYTES]);
          }
        }
      }
      case "write" -> write();
      case "async" -> writeAsync();
      default -> throw new IllegalArgumentException(way);
    }
  }

  /** May fail. */
  private void write() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BLOCK_BYTES));
    } catch (IOException e) {
      System.out.println("write: " + e.getMessage());
    }
  }

  private void writeAsync() throws IOException, InterruptedException {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BLOCK_BYTES + 100), 0).get();
      channel.write(ByteBuffer.allocate(BLOCK_BYTES), 0).get();
    } catch (ExecutionException e) {
      System.out.println("write: " + e.getCause().getMessage());
    }
  }

  /** As the others see it; the lock's own object does not know. */
  private boolean isLockLost(long millis) throws IOException, InterruptedException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      FileLock unused = random.getChannel().lock(0, 10, false);
      TimeUnit.MILLISECONDS.sleep(millis);
      return !isHeld();
    }
  }

  /** As the system sees it: a line {@code 1: POSIX ADVISORY WRITE PID DEVICE:INODE 0 9}. */
  private boolean isHeld() throws IOException {
    String holder = " " + ProcessHandle.current().pid() + " ";
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains("POSIX") && line.contains(holder) && line.contains(inode));
  }

  private int descriptorsInTheEnd() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + LONGEST_NANOS;
    int left = OwnProcess.descriptors(directory.toString());
    while (left > 0 && System.nanoTime() - giveUp < 0) {
      TimeUnit.MILLISECONDS.sleep(50);
      left = OwnProcess.descriptors(directory.toString());
    }
    return left;
  }
}
