package io.dioagent.bench.scaling;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/**
 * A point and its samples.
 *
 * @param point the point
 * @param subject the subject's samples, one per round
 * @param peer as many samples of the peer, or none if it cannot do this
 */
record MeasuredPoint(Point point, @SerializedName("ours") List<Cost> subject, List<Cost> peer) {

  Cost subjectMedian() {
    return Cost.median(subject);
  }

  /** Returns the median of the peer; only if it has samples. */
  Cost peerMedian() {
    return Cost.median(peer);
  }
}
