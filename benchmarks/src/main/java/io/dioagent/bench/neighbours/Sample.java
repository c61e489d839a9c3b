package io.dioagent.bench.neighbours;

import java.util.List;

/**
 * What the reader met with once.
 *
 * @param micros how long a read took, by {@link ReaderWorker#PERCENTILES}
 * @param readsPerSecond that it made
 * @param hitPercent of its reads that did not have to wait for the storage, by the times its thread
 *     has waited for anything
 * @param slowPercent of its reads that took longer than {@link ReaderWorker#SLOW_NANOS}
 * @param residentPercent of its file that lay in the page cache, on average (mincore)
 * @param refaults pages of files that the group had to fetch again (memory.stat)
 * @param neighbourMegabytesPerSecond what the neighbour wrote meanwhile
 */
record Sample(
    List<Double> micros,
    double readsPerSecond,
    double hitPercent,
    double slowPercent,
    double residentPercent,
    long refaults,
    double neighbourMegabytesPerSecond) {

  double micros(double percentile) {
    return micros.get(ReaderWorker.PERCENTILES.indexOf(percentile));
  }
}
