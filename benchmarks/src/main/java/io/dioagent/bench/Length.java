package io.dioagent.bench;

/** How long a run is. */
public enum Length {
  /** A smoke test. */
  QUICK(1, "Quick run: it shows that everything runs; its numbers mean nothing."),

  /** Under five minutes for the whole table. */
  SHORT(2, "Short run: the order of magnitude is right, a few percent are not."),

  /** To be quoted. */
  FULL(5, "Full run.");

  private final int pairs;
  private final String note;

  Length(int pairs, String note) {
    this.pairs = pairs;
    this.note = note;
  }

  /** Pairs per row, unless asked for otherwise. */
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

  /** What the numbers are worth. */
  public String note() {
    return note;
  }
}
