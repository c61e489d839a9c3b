package io.dioagent.bench;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The samples of one row, in the order they were taken.
 *
 * @param ours ours
 * @param peer the peer's, each taken right after ours
 * @param others the share of the processors that other processes took meanwhile, 0 to 1
 */
record Pairs(List<Double> ours, List<Double> peer, List<Double> others) {

  Pairs {
    ours = List.copyOf(ours);
    peer = List.copyOf(peer);
    others = List.copyOf(others);
    if (ours.isEmpty() || ours.size() != peer.size() || ours.size() != others.size()) {
      throw new IllegalArgumentException(ours.size() + " samples beside " + peer.size());
    }
  }

  double oursMedian() {
    return Summary.of(ours).median();
  }

  double peerMedian() {
    return Summary.of(peer).median();
  }

  double othersMedian() {
    return Summary.of(others).median();
  }

  Summary oursSummary() {
    return Summary.of(ours);
  }

  /** Ours over the peer's, pair by pair. */
  Summary ratios() {
    return each((left, right) -> left / right);
  }

  /** Ours minus the peer's, pair by pair. */
  Summary differences() {
    return each((left, right) -> left - right);
  }

  private Summary each(DoubleBinaryOperator operator) {
    return Summary.of(
        IntStream.range(0, ours.size())
            .mapToObj(i -> operator.applyAsDouble(ours.get(i), peer.get(i)))
            .toList());
  }
}
