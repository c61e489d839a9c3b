package io.dioagent.samples;

/** The end of a sample that was called wrongly. */
final class Usage {
  private Usage() {}

  /** Says how the sample is called, and ends the process with 2. Throws nothing: never returns. */
  static IllegalArgumentException exit(String synopsis) {
    System.err.println("usage: " + synopsis);
    System.exit(2);
    return new IllegalArgumentException(synopsis);
  }
}
