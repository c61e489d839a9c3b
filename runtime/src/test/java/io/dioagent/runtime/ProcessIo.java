package io.dioagent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's count of what this process has read, since its start.
 *
 * @param calls read(2), pread(2) and the like
 * @param deviceBytes bytes that a device was asked for
 */
record ProcessIo(long calls, long deviceBytes) {
  static ProcessIo now() throws IOException {
    long calls = 0;
    long deviceBytes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      long value = Long.parseLong(line.substring(line.indexOf(' ') + 1));
      calls = line.startsWith("syscr:") ? value : calls;
      deviceBytes = line.startsWith("read_bytes:") ? value : deviceBytes;
    }
    return new ProcessIo(calls, deviceBytes);
  }

  ProcessIo since(ProcessIo before) {
    return new ProcessIo(calls - before.calls, deviceBytes - before.deviceBytes);
  }
}
