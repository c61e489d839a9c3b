package io.dioagent.samples;

/** Ends a sample that was called with wrong arguments. */
final class Usage {
  private Usage() {}

  /**
   * Prints the usage and ends the process with 2. Never returns; the return type serves {@code
   * throw}.
   */
  static IllegalArgumentException exit(String synopsis) {
    System.err.println("usage: " + synopsis);
    System.exit(2);
    return new IllegalArgumentException(synopsis);
  }
}
