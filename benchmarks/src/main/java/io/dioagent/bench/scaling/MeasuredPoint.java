package io.dioagent.bench.scaling;

import java.util.List;

/**
 * A point and its samples.
 *
 * @param point where
 * @param ours a sample a round
 * @param peer as many, or none where the peer cannot do this
 */
record MeasuredPoint(Point point, List<Cost> ours, List<Cost> peer) {

  Cost ourMedian() {
    return Cost.median(ours);
  }

  /** Only if the peer can do this. */
  Cost peerMedian() {
    return Cost.median(peer);
  }
}
