package io.dioagent.samples.faults;

/**
 * A range of bytes.
 *
 * @param from the first byte
 * @param to the byte after the last
 */
record Range(long from, long to) {
  static final Range ALL = new Range(0, Long.MAX_VALUE);

  static Range of(long offset, long lengthBytes) {
    return new Range(offset, offset + lengthBytes);
  }

  long length() {
    return to - from;
  }
}
