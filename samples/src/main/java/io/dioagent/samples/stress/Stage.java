package io.dioagent.samples.stress;

import java.util.Locale;

/** What all threads do at a time, each once with every record of its own. */
public enum Stage {
  /** Writes in order; as the first stage of a run, to an emptied file. */
  WRITE,
  /** Writes in order over what is there. */
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

  /** The name on the command line, such as random-write. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
