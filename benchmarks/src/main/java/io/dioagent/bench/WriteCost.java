package io.dioagent.bench;

/**
 * The cost of a sample's writes.
 *
 * @param cpuMicros processor time of the whole process per write, in user and kernel mode
 * @param writeBytes bytes per write
 * @param writtenBytes bytes that the sample has written, with the warm-up
 */
public record WriteCost(double cpuMicros, int writeBytes, long writtenBytes) {

  /** Returns the processor time per byte. */
  double perByte() {
    return cpuMicros / writeBytes;
  }
}
