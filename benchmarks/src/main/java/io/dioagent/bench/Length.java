package io.dioagent.bench;

/** How long a part may take. */
public enum Length {
  /** Seconds: shows that everything runs, measures nothing. */
  QUICK,
  /** A few minutes. */
  SHORT,
  /** What results are quoted from. */
  FULL
}
