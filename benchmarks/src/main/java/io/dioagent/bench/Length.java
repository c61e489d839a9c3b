package io.dioagent.bench;

/** The length of a run. */
public enum Length {
  /** A smoke test. */
  QUICK(1, "Quick run: a smoke test; its numbers mean nothing."),

  /** Less than five minutes for the whole table. */
  SHORT(2, "Short run: right order of magnitude, not exact to a few percent."),

  /** For figures to quote. */
  FULL(5, "Full run.");

  private final int pairs;
  private final String note;

  Length(int pairs, String note) {
    this.pairs = pairs;
    this.note = note;
  }

  /** Returns the default number of pairs per row. */
  public int pairs() {
    return pairs;
  }

  public Effort effort() {
    return switch (this) {
      case QUICK -> Effort.QUICK;
      case SHORT -> Effort.SHORT;
      case FULL -> Effort.FULL;
    };
  }

  /** Returns a note on the precision. */
  public String note() {
    return note;
  }
}
