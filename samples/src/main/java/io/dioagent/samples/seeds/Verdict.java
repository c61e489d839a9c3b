package io.dioagent.samples.seeds;

/**
 * The verdict on a run of a sample.
 *
 * @param kind whether the defect showed
 * @param words the observations, in half a line
 */
record Verdict(Kind kind, String words) {
  /** Whether the defect showed. */
  enum Kind {
    /** The defect showed, and the recording has its events. */
    BROKEN,
    /** The same happened without the defect, and the recording has no anomaly. */
    HELD,
    /** Neither or both. */
    UNCLEAR
  }

  /** Returns broken or held if exactly one condition holds. */
  static Verdict of(boolean broken, boolean held, String words) {
    Kind kind = broken == held ? Kind.UNCLEAR : broken ? Kind.BROKEN : Kind.HELD;
    return new Verdict(kind, words);
  }

  /** Returns whether this is the expected verdict of a variant. */
  boolean isExpectedOf(Variant variant) {
    return kind == (variant.broken() ? Kind.BROKEN : Kind.HELD);
  }
}
