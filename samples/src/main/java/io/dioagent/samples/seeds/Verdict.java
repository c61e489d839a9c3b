package io.dioagent.samples.seeds;

/**
 * What a run of a sample came to.
 *
 * @param kind whether the defect showed
 * @param words what was seen, in half a line
 */
record Verdict(Kind kind, String words) {
  /** Whether the defect showed. */
  enum Kind {
    /** The defect showed, and the recording accuses it. */
    BROKEN,
    /** The same happened, the rule held, and the recording accuses nobody. */
    HELD,
    /** Neither of both. */
    UNCLEAR
  }

  /** Broken or held, if either condition holds. */
  static Verdict of(boolean broken, boolean held, String words) {
    Kind kind = broken == held ? Kind.UNCLEAR : broken ? Kind.BROKEN : Kind.HELD;
    return new Verdict(kind, words);
  }

  /** Whether this is what a variant is to come to. */
  boolean isExpectedOf(Variant variant) {
    return kind == (variant.broken() ? Kind.BROKEN : Kind.HELD);
  }
}
