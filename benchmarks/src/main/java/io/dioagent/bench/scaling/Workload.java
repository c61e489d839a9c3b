package io.dioagent.bench.scaling;

/**
 * A workload of writes.
 *
 * @param files number of files, with a channel each
 * @param fileBytes size of each file
 * @param threads number of threads; each writes to its share of the files in turn
 * @param ioBytes bytes per write, at a random multiple of it
 * @param depth 0 for blocking writes, otherwise the number of writes in flight of one thread
 */
record Workload(int files, long fileBytes, int threads, int ioBytes, int depth) {

  private static final int BLOCK_BYTES = 4096;

  /** Returns whether JDK DIRECT accepts such writes, which are also direct under the agent. */
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
