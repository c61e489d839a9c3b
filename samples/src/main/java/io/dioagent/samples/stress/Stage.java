package io.dioagent.samples.stress;

import java.util.Locale;

/** A stage of a run: every thread writes or reads each of its records once. */
public enum Stage {
  /** Writes in order; empties the file if it is the first stage of a run. */
  WRITE,
  /** Overwrites in order. */
  REWRITE,
  /** Writes in random order. */
  RANDOM_WRITE,
  /** Reads in order, through the page cache. */
  READ,
  /** Reads in random order, through the page cache. */
  RANDOM_READ;

  boolean isWrite() {
    return this == WRITE || this == REWRITE || this == RANDOM_WRITE;
  }

  boolean isRandom() {
    return this == RANDOM_WRITE || this == RANDOM_READ;
  }

  /** Returns the name on the command line, such as random-write. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
