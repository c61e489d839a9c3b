package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel's counts of a process's writes since its start (proc_pid_io(5)).
 *
 * @param deviceBytes bytes sent to a device past the page cache, or written to the page cache for
 *     one
 * @param callBytes bytes passed to write(2) and its variants, to any file; without io_submit(2) and
 *     io_uring_enter(2)
 */
public record ProcessIo(long deviceBytes, long callBytes) {

  /** Returns the counts of this process. */
  public static ProcessIo self() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/io"), StandardCharsets.US_ASCII));
  }

  static ProcessIo parse(List<String> lines) throws IOException {
    return new ProcessIo(value(lines, "write_bytes"), value(lines, "wchar"));
  }

  private static long value(List<String> lines, String name) throws IOException {
    String start = name + ": ";
    for (String line : lines) {
      if (line.startsWith(start)) {
        return Long.parseLong(line.substring(start.length()));
      }
    }
    throw new IOException("/proc/self/io has no " + name);
  }
}
