package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The limit of descriptors of a process; a JVM raises its limit to the hard limit. */
public final class OpenFilesLimit {
  private static final String NAME = "Max open files";

  /** A written tagged file has two more descriptors, and the agent uses at most a third of all. */
  private static final int PER_CHANNEL = 6;

  /** Descriptors for all other files of a JVM. */
  private static final int OTHERS = 300;

  private OpenFilesLimit() {}

  /** Returns the limit that a JVM needs for this number of open tagged channels. */
  public static long neededBy(int channels) {
    return (long) channels * PER_CHANNEL + OTHERS;
  }

  /** Returns how many tagged channels a JVM with this limit can have open. */
  public static long channelsOf(long descriptors) {
    return (descriptors - OTHERS) / PER_CHANNEL;
  }

  /** Returns why this number of tagged channels cannot be open; empty if it can. */
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

  /** Returns the hard limit; empty if there is none. */
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
