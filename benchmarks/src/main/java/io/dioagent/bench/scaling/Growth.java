package io.dioagent.bench.scaling;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The growth of the cost of a write along a series.
 *
 * @param subject the subject's cost at the last point over that at the first
 * @param peer the same of the peer
 */
record Growth(double subject, double peer) {
  /** Limits the growth beyond the peer; past it, the series is marked. */
  private static final double ALLOWED_PERCENT = 10;

  /**
   * Returns the growth from the first to the last point.
   *
   * @param measured the points of one series in order, with subject and peer
   * @param figure the kind of cost
   * @param perByte whether to divide by the bytes of a write
   */
  static Growth of(List<MeasuredPoint> measured, ToDoubleFunction<Cost> figure, boolean perByte) {
    MeasuredPoint first = measured.get(0);
    MeasuredPoint last = measured.get(measured.size() - 1);
    double work =
        perByte
            ? (double) last.point().workload().ioBytes() / first.point().workload().ioBytes()
            : 1;
    return new Growth(
        figure.applyAsDouble(last.subjectMedian())
            / figure.applyAsDouble(first.subjectMedian())
            / work,
        figure.applyAsDouble(last.peerMedian()) / figure.applyAsDouble(first.peerMedian()) / work);
  }

  /** Returns the growth of the subject beyond that of the peer, in percent. */
  double percentBeyondPeer() {
    return 100 * (subject / peer - 1);
  }

  boolean isGood() {
    return percentBeyondPeer() <= ALLOWED_PERCENT;
  }
}
