package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel counted of a process's writes (proc_pid_io(5)), since its start.
 *
 * @param deviceBytes sent to a device past the page cache, or put into the page cache for one
 * @param callBytes given to write(2) and its kin, whatever they were written to; io_submit(2) and
 *     io_uring_enter(2) do not count
 */
public record ProcessIo(long deviceBytes, long callBytes) {

  /** This process's. */
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
