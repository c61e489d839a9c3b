package io.dioagent.bench.neighbours;

import java.util.List;

/**
 * One sample of the reader.
 *
 * @param micros latencies by {@link ReaderWorker#PERCENTILES}
 * @param readsPerSecond its rate
 * @param hitPercent share of reads without a wait for storage, by the waits of its thread
 * @param slowPercent share of reads longer than {@link ReaderWorker#SLOW_NANOS}
 * @param residentPercent average share of its file in the page cache (mincore)
 * @param refaults file pages that the group fetched again (memory.stat)
 * @param neighbourMegabytesPerSecond the neighbour's rate of writes meanwhile
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
