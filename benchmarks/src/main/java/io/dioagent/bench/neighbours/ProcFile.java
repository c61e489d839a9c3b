package io.dioagent.bench.neighbours;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counters that the kernel keeps (proc(5)). */
final class ProcFile {
  private ProcFile() {}

  /** How often this thread has had to wait for something. */
  static long waits() throws IOException {
    return number(Path.of("/proc/thread-self/status"), "voluntary_ctxt_switches:");
  }

  /**
   * The number in the line that begins so.
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
