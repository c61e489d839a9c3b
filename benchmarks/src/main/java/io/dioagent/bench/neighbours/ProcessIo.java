package io.dioagent.bench.neighbours;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process has made the storage do (proc(5), /proc/self/io).
 *
 * @param readBytes fetched from it; what the page cache had is not among them
 * @param writtenBytes sent to it, or to the page cache to be sent later
 */
record ProcessIo(long readBytes, long writtenBytes) {

  static ProcessIo now() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/io"), StandardCharsets.US_ASCII);
    return new ProcessIo(number(lines, "read_bytes: "), number(lines, "write_bytes: "));
  }

  private static long number(List<String> lines, String prefix) throws IOException {
    for (String line : lines) {
      if (line.startsWith(prefix)) {
        return Long.parseLong(line.substring(prefix.length()));
      }
    }
    throw new IOException("/proc/self/io has no " + prefix);
  }
}
