package io.dioagent.samples.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints one line, overwritten every second. Used by one thread. */
final class ProgressLine implements Progress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int WIDTH = 78;

  private final PrintStream out;
  private final long startNanoTime = System.nanoTime();
  private long lastNanoTime = startNanoTime;
  private long lastBytes;
  private boolean printed;

  ProgressLine(PrintStream out) {
    this.out = out;
  }

  /** Returns whether stderr is a terminal, which the JDK has no method for. */
  static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void tick(String what, Tally tally) {
    long now = System.nanoTime();
    if (now - lastNanoTime < EVERY_NANOS) {
      return;
    }
    long bytes = tally.bytes.sum();
    String line =
        String.format(
            Locale.ROOT,
            "%d s: %s, %.1f MB/s, %d requests, %d errors, %d lost",
            TimeUnit.NANOSECONDS.toSeconds(now - startNanoTime),
            what,
            (bytes - lastBytes) * 1e3 / (now - lastNanoTime),
            tally.ended.sum(),
            tally.errorCount(),
            tally.lost.sum());
    out.printf("\r%-" + WIDTH + "s", line);
    out.flush();
    printed = true;
    lastNanoTime = now;
    lastBytes = bytes;
  }

  /** Ends the line. */
  void end() {
    if (printed) {
      out.println();
    }
  }
}
