package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** How many descriptors a process may have; a JVM takes all that the hard limit allows. */
public final class OpenFilesLimit {
  private static final String NAME = "Max open files";

  private OpenFilesLimit() {}

  /** Why so many descriptors cannot be had, if so. */
  public static Optional<String> whyNot(long needed) {
    try {
      OptionalLong hard = hard();
      return hard.isEmpty() || hard.getAsLong() >= needed
          ? Optional.empty()
          : Optional.of(
              "%d descriptors are needed, the hard limit is %d: prlimit --nofile=%d ..."
                  .formatted(needed, hard.getAsLong(), needed));
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The hard limit; empty if there is none. */
  public static OptionalLong hard() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith(NAME)) {
        String hard = line.split(" {2,}", -1)[2];
        return hard.equals("unlimited")
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(hard));
      }
    }
    throw new IOException("/proc/self/limits has no " + NAME);
  }
}
