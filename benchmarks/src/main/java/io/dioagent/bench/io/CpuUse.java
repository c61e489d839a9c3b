package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Processor time in clock ticks (proc(5)).
 *
 * @param idleTicks idle time of all processors, including waiting for devices
 * @param busyTicks busy time of all processors, by all processes
 * @param ownTicks time of this process and of its ended children
 */
public record CpuUse(long idleTicks, long busyTicks, long ownTicks) {
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STEAL = 7;

  /** Fields after the command in /proc/self/stat: utime, stime, cutime, cstime. */
  private static final int FIRST_TIME = 11;

  private static final int LAST_TIME = 14;

  /** Reads the current values. */
  public static CpuUse now() throws IOException {
    String[] all = fields(firstLine("/proc/stat"));
    long idle = Long.parseLong(all[IDLE]) + Long.parseLong(all[IOWAIT]);
    long sum = Arrays.stream(all, 0, STEAL + 1).mapToLong(Long::parseLong).sum();
    String self = firstLine("/proc/self/stat");
    long subject =
        Arrays.stream(fields(self.substring(self.lastIndexOf(')'))), FIRST_TIME, LAST_TIME + 1)
            .mapToLong(Long::parseLong)
            .sum();
    return new CpuUse(idle, sum - idle, subject);
  }

  /** Returns the CPU share of other processes since then, 0 to 1. */
  public double othersShareSince(CpuUse start) {
    double busy = (double) busyTicks - start.busyTicks;
    double others = Math.max(0, busy - (ownTicks - start.ownTicks));
    double all = busy + idleTicks - start.idleTicks;
    return all == 0 ? 0 : Math.min(1, others / all);
  }

  private static String firstLine(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.US_ASCII)
        .lines()
        .findFirst()
        .orElseThrow();
  }

  /** Returns all words except the first. */
  private static String[] fields(String line) {
    String[] words = line.trim().split("\\s+", -1);
    return Arrays.copyOfRange(words, 1, words.length);
  }
}
