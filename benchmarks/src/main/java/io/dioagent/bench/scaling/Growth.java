package io.dioagent.bench.scaling;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How much dearer a write becomes along a series.
 *
 * @param ours the cost at the last point over that at the first
 * @param peer the peer's
 */
record Growth(double ours, double peer) {
  private static final double ALLOWED_PERCENT = 10;

  /**
   * Between the first and the last point.
   *
   * @param measured of one series, in order, by ours and the peer
   * @param figure which cost
   * @param perByte over bytes written
   */
  static Growth of(List<MeasuredPoint> measured, ToDoubleFunction<Cost> figure, boolean perByte) {
    MeasuredPoint first = measured.get(0);
    MeasuredPoint last = measured.get(measured.size() - 1);
    double work =
        perByte
            ? (double) last.point().workload().ioBytes() / first.point().workload().ioBytes()
            : 1;
    return new Growth(
        figure.applyAsDouble(last.ourMedian()) / figure.applyAsDouble(first.ourMedian()) / work,
        figure.applyAsDouble(last.peerMedian()) / figure.applyAsDouble(first.peerMedian()) / work);
  }

  /** What ours grows more than the peer's, in percent of the peer's. */
  double percentBeyondPeer() {
    return 100 * (ours / peer - 1);
  }

  boolean isGood() {
    return percentBeyondPeer() <= ALLOWED_PERCENT;
  }
}
