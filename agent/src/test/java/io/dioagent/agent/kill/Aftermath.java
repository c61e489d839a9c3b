package io.dioagent.agent.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Checks a file whose writer was killed. All writes up to some point must be there, later ones may
 * be, and nothing else.
 */
final class Aftermath {
  private final Way way;
  private final byte[] found;

  /** By offset: the version that must be there unless a later one is; 0 for none. */
  private final int[] kept = new int[Plan.APPEND_LIMIT_BYTES];

  /** Writes that may be there or not, by version, offset and end. */
  private final List<int[]> possible = new ArrayList<>();

  private int keptBytes;
  private int possibleBytes;

  private Aftermath(Way way, byte[] found) {
    this.way = way;
    this.found = found;
  }

  /**
   * Checks one file.
   *
   * @param keptVersion the last write that must be there
   * @param lastVersion the last write that began
   * @return the error, in one line; null for none
   */
  static String of(Way way, Path file, long seed, int keptVersion, int lastVersion)
      throws IOException {
    Aftermath aftermath = new Aftermath(way, Files.readAllBytes(file));
    Plan plan = new Plan(way, seed);
    for (int version = 1; version <= lastVersion; version++) {
      if (!plan.next()) {
        throw new IllegalStateException(way + " has no write " + version);
      }
      aftermath.add(plan, version <= keptVersion);
    }
    return aftermath.whatIsWrong();
  }

  private void add(Plan plan, boolean mustBeThere) {
    int end = plan.offset() + plan.lengthBytes();
    possibleBytes = Math.max(possibleBytes, end);
    if (mustBeThere) {
      keptBytes = Math.max(keptBytes, end);
      Arrays.fill(kept, plan.offset(), end, plan.version());
    } else {
      possible.add(new int[] {plan.version(), plan.offset(), end});
    }
  }

  private String whatIsWrong() {
    if (found.length < keptBytes || found.length > possibleBytes) {
      return way
          + ": the file has "
          + found.length
          + " bytes, expected "
          + keptBytes
          + " to "
          + possibleBytes;
    }
    for (int offset = 0; offset < found.length; offset++) {
      if (!isAllowed(offset)) {
        return way
            + ": byte "
            + offset
            + " of "
            + found.length
            + " is "
            + found[offset]
            + ", expected that of write "
            + kept[offset]
            + " or of one of "
            + possible.size()
            + " later ones";
      }
    }
    return null;
  }

  private boolean isAllowed(int offset) {
    byte value = found[offset];
    int version = kept[offset];
    if (version > 0 && value == Plan.content(version, offset)) {
      return true;
    }
    if (version == 0 && value == 0 && !way.isSequential()) {
      return true; // No write has come to it yet, but to a place behind it.
    }
    for (int[] write : possible) {
      if (offset >= write[1] && offset < write[2] && value == Plan.content(write[0], offset)) {
        return true;
      }
    }
    return false;
  }
}
