package io.dioagent.bench.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Prints a line, writes one block if a file is given, and then prints the threads and peak memory
 * of its JVM.
 */
public final class Started {
  private static final int BLOCK_BYTES = 4096;

  private Started() {}

  /** Writes to {@code arguments[0]}, if there is one. */
  public static void main(String[] arguments) throws IOException {
    System.out.println("Hello");
    if (arguments.length > 0) {
      write(Path.of(arguments[0]));
    }
    Status.print();
  }

  private static void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      while (block.hasRemaining()) {
        int unused = channel.write(block);
      }
    }
  }

  /** A separate class: loading it marks the end of the program's own classes in the log. */
  public static final class Status {
    private static final String PEAK_MEMORY = "VmHWM:";

    private Status() {}

    private static void print() throws IOException {
      ThreadGroup all = Thread.currentThread().getThreadGroup();
      while (all.getParent() != null) {
        all = all.getParent();
      }
      Thread[] threads = new Thread[all.activeCount() + 16];
      int count = all.enumerate(threads);
      for (int i = 0; i < count; i++) {
        System.out.println("thread=" + threads[i].getName());
      }
      for (String line :
          Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII)) {
        if (line.startsWith(PEAK_MEMORY)) {
          System.out.println("peakKib=" + line.replaceAll("[^0-9]", ""));
        }
      }
    }
  }
}
