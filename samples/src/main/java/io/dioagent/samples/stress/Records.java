package io.dioagent.samples.stress;

import java.util.SplittableRandom;

/**
 * The records of one thread. All records of all files are numbered in a row; a thread owns every
 * record with its number modulo the number of threads. So no two writes in flight overlap, and
 * neighbours are written concurrently. Immutable.
 */
final class Records {
  private final StressConfig.Shape shape;
  private final int thread;
  private final int count;

  Records(StressConfig.Shape shape, int files, int thread) {
    this.shape = shape;
    this.thread = thread;
    long all = files * shape.recordsPerFile();
    count = (int) ((all - thread + shape.threads() - 1) / shape.threads());
  }

  int count() {
    return count;
  }

  int fileOf(int record) {
    return (int) (number(record) / shape.recordsPerFile());
  }

  /** Returns the position in its file. */
  long positionOf(int record) {
    return number(record) % shape.recordsPerFile() * shape.recordBytes();
  }

  private long number(int record) {
    return (long) record * shape.threads() + thread;
  }

  /** Returns all records once each, in order or shuffled. */
  int[] order(boolean shuffled, long seed) {
    int[] order = new int[count];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      int other = shuffled ? random.nextInt(i + 1) : i;
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
