package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How much processor time has gone by, in clock ticks (proc(5)).
 *
 * @param idleTicks of all processors, doing nothing or waiting for a device
 * @param busyTicks of all processors, doing anything, for us or for others
 * @param oursTicks of this process and of its children that have ended
 */
public record CpuUse(long idleTicks, long busyTicks, long oursTicks) {
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STEAL = 7;

  /** Of the fields that follow the command in /proc/self/stat: utime, stime, cutime, cstime. */
  private static final int FIRST_TIME = 11;

  private static final int LAST_TIME = 14;

  /** Up to now. */
  public static CpuUse now() throws IOException {
    String[] all = fields(firstLine("/proc/stat"));
    long idle = Long.parseLong(all[IDLE]) + Long.parseLong(all[IOWAIT]);
    long sum = Arrays.stream(all, 0, STEAL + 1).mapToLong(Long::parseLong).sum();
    String self = firstLine("/proc/self/stat");
    long ours =
        Arrays.stream(fields(self.substring(self.lastIndexOf(')'))), FIRST_TIME, LAST_TIME + 1)
            .mapToLong(Long::parseLong)
            .sum();
    return new CpuUse(idle, sum - idle, ours);
  }

  /** The share of all processors that others took since then, 0 to 1. */
  public double othersShareSince(CpuUse start) {
    double busy = (double) busyTicks - start.busyTicks;
    double others = Math.max(0, busy - (oursTicks - start.oursTicks));
    double all = busy + idleTicks - start.idleTicks;
    return all == 0 ? 0 : Math.min(1, others / all);
  }

  private static String firstLine(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.US_ASCII)
        .lines()
        .findFirst()
        .orElseThrow();
  }

  /** All but the first word. */
  private static String[] fields(String line) {
    String[] words = line.trim().split("\\s+", -1);
    return Arrays.copyOfRange(words, 1, words.length);
  }
}
