package io.dioagent.bench.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bound on what may wait to be written back with {@code write=behind}, as documented. */
final class DirtyBound {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final int SHARE = 16;
  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final long KIB = 1L << 10;

  private DirtyBound() {}

  /** Returns the bound with the memory that is free now. */
  static long bytes() throws IOException {
    for (String line : Files.readAllLines(MEMINFO, StandardCharsets.US_ASCII)) {
      if (line.startsWith(AVAILABLE)) {
        long free = KIB * Long.parseLong(line.replaceAll("[^0-9]", ""));
        return Math.max(LEAST_BYTES, Math.min(free / SHARE, MOST_BYTES));
      }
    }
    throw new IOException(MEMINFO + " has no " + AVAILABLE);
  }
}
