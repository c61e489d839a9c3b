package io.dioagent.agent.apps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Interrupts, or closes the channel of, a thread that writes. Arguments: file, {@code interrupt} or
 * {@code close}, the delay in milliseconds.
 */
public final class InterruptedWriteApp {
  private InterruptedWriteApp() {}

  /** Prints how the write ended and the state that it left. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    boolean interrupt = arguments[1].equals("interrupt");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Thread writer =
        new Thread(
            () -> {
              System.out.println("write " + write(channel));
              System.out.println("interrupted " + Thread.currentThread().isInterrupted());
              System.out.println("open " + channel.isOpen());
              System.out.println("idle " + (cpuNanos() < 700_000_000L));
            });
    writer.start();
    Thread.sleep(Long.parseLong(arguments[2]));
    if (interrupt) {
      writer.interrupt();
    } else {
      channel.close();
    }
    writer.join();
    System.out.println("size " + file.toFile().length());
  }

  /** Returns the CPU time of this thread (proc(5)). */
  private static long cpuNanos() {
    try {
      String statistics = Files.readString(Path.of("/proc/thread-self/schedstat"));
      return Long.parseLong(statistics.substring(0, statistics.indexOf(' ')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String write(FileChannel channel) {
    try {
      return String.valueOf(channel.write(ByteBuffer.allocate(65_536)));
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}
