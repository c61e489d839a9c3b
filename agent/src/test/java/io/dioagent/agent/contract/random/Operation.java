package io.dioagent.agent.contract.random;

/**
 * One operation, to be done in the same way on two files.
 *
 * @param text what it does, for people
 * @param range where it may have written, to be compared at once; null for none
 * @param action does it
 */
record Operation(String text, Range range, Action action) {

  /** Bytes of a file, from inclusive, to exclusive. */
  record Range(long from, long to) {
    /** With some bytes before and behind. */
    static Range around(long from, long lengthBytes) {
      return new Range(Math.max(0, from - 8192), from + lengthBytes + 8192);
    }
  }

  /** Something done on one of the two files. */
  interface Action {
    /** Does it and answers all that is to be the same on both: compared as text. */
    Object on(FileSide side) throws Exception;
  }

  /** Performs it on one file, and returns the result or the exception. */
  String outcomeOn(FileSide side) {
    try {
      return String.valueOf(action.on(side));
    } catch (Exception e) {
      return side.anonymous(e.getClass().getName() + ": " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
