package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** How many descriptors a process may have; a JVM takes all that the hard limit allows. */
public final class OpenFilesLimit {
  private static final String NAME = "Max open files";

  /** A tagged file that is written has two more, and the agent no more than a third of all. */
  private static final int PER_CHANNEL = 6;

  /** For all else that a JVM has open. */
  private static final int OTHERS = 300;

  private OpenFilesLimit() {}

  /** How many descriptors a JVM has to be allowed, to have so many tagged channels open. */
  public static long neededBy(int channels) {
    return (long) channels * PER_CHANNEL + OTHERS;
  }

  /** How many tagged channels a JVM can have open that is allowed so many descriptors. */
  public static long channelsOf(long descriptors) {
    return (descriptors - OTHERS) / PER_CHANNEL;
  }

  /** Why so many tagged channels cannot be open, if so. */
  public static Optional<String> whyNot(int channels) {
    long needed = neededBy(channels);
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
