package io.dioagent.bench.neighbours;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads counters of the kernel (proc(5)). */
final class ProcFile {
  private ProcFile() {}

  /** Returns how often this thread has waited (voluntary context switches). */
  static long waits() throws IOException {
    return number(Path.of("/proc/thread-self/status"), "voluntary_ctxt_switches:");
  }

  /**
   * Returns the number in the line with this beginning.
   *
   * @throws IOException also if there is no such line
   */
  static long number(Path file, String beginning) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      if (line.startsWith(beginning)) {
        return Long.parseLong(line.substring(beginning.length()).trim());
      }
    }
    throw new IOException(file + " has no " + beginning);
  }
}
