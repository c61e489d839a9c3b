package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How many descriptors a process may have; a JVM takes all that the hard limit allows. */
public final class OpenFilesLimit {
  private static final String NAME = "Max open files";

  private OpenFilesLimit() {}

  /** Why so many descriptors cannot be had, if so. */
  public static Optional<String> whyNot(long needed) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith(NAME)) {
          String hard = line.split(" {2,}", -1)[2];
          return hard.equals("unlimited") || Long.parseLong(hard) >= needed
              ? Optional.empty()
              : Optional.of(
                  "%d descriptors are needed, the hard limit is %s: prlimit --nofile=%d ..."
                      .formatted(needed, hard, needed));
        }
      }
      return Optional.of("/proc/self/limits has no " + NAME);
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
