package io.dioagent.runtime.behind;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Finds out how much memory the page cache can have without taking it from others. */
final class FreeMemory {
  /** proc_meminfo(5): {@code MemAvailable: 23456789 kB}. */
  private static final String MEMINFO = "/proc/meminfo";

  private static final String AVAILABLE = "MemAvailable:";

  /** Of cgroup v2, as a container sees its own: a number of bytes, or {@code max}. */
  private static final String CGROUP_LIMIT = "/sys/fs/cgroup/memory.max";

  /** Used where the kernel does not say. */
  private static final long UNKNOWN_BYTES = 1L << 30;

  private FreeMemory() {}

  /** Returns what is available, or the limit of this container if that is less. */
  static long bytes() {
    long available = number(MEMINFO, AVAILABLE, 1024);
    long limit = number(CGROUP_LIMIT, "", 1);
    return Math.min(available < 0 ? UNKNOWN_BYTES : available, limit < 0 ? Long.MAX_VALUE : limit);
  }

  /** Returns the number behind a prefix of a line; -1 if there is none. */
  private static long number(String path, String prefix, long unitBytes) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(path), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(prefix)) {
          return unitBytes
              * Long.parseLong(line.substring(prefix.length()).trim().split(" ", 2)[0]);
        }
      }
      return -1;
    } catch (IOException | NumberFormatException e) {
      return -1; // No such file, or "max".
    }
  }
}
