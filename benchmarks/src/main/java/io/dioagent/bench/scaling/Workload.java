package io.dioagent.bench.scaling;

/**
 * Who writes what.
 *
 * @param files a channel each
 * @param fileBytes size of each
 * @param threads each with its own share of the files, writes through one after the other
 * @param ioBytes of a write, at a random multiple of it
 * @param depth 0 for writes that return when they are done, else how many one thread has in flight
 */
record Workload(int files, long fileBytes, int threads, int ioBytes, int depth) {

  private static final int BLOCK_BYTES = 4096;

  /** Whether JDK DIRECT takes such writes; ours are direct then, too. */
  boolean isOfWholeBlocks() {
    return isOfWholeBlocks(ioBytes);
  }

  static boolean isOfWholeBlocks(int ioBytes) {
    return ioBytes % BLOCK_BYTES == 0;
  }

  Workload withFiles(int count) {
    return new Workload(count, fileBytes, threads, ioBytes, depth);
  }

  Workload withFileBytes(long bytes) {
    return new Workload(files, bytes, threads, ioBytes, depth);
  }

  Workload withThreads(int count) {
    return new Workload(count, fileBytes, count, ioBytes, depth);
  }

  Workload withIoBytes(int bytes) {
    return new Workload(files, fileBytes, threads, bytes, depth);
  }

  Workload withDepth(int count) {
    return new Workload(files, fileBytes, threads, ioBytes, count);
  }
}
