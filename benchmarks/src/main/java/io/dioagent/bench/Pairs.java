package io.dioagent.bench;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The samples of one row, in order of time.
 *
 * @param subject the subject's samples
 * @param peer the peer's samples, each taken right after the subject's
 * @param others the CPU share of other processes during each pair, 0 to 1
 */
record Pairs(List<Double> subject, List<Double> peer, List<Double> others) {

  Pairs {
    subject = List.copyOf(subject);
    peer = List.copyOf(peer);
    others = List.copyOf(others);
    if (subject.isEmpty() || subject.size() != peer.size() || subject.size() != others.size()) {
      throw new IllegalArgumentException(subject.size() + " samples beside " + peer.size());
    }
  }

  double subjectMedian() {
    return Summary.of(subject).median();
  }

  double peerMedian() {
    return Summary.of(peer).median();
  }

  double othersMedian() {
    return Summary.of(others).median();
  }

  Summary subjectSummary() {
    return Summary.of(subject);
  }

  /** Returns the ratios of subject to peer, by pair. */
  Summary ratios() {
    return each((left, right) -> left / right);
  }

  /** Returns the differences of subject and peer, by pair. */
  Summary differences() {
    return each((left, right) -> left - right);
  }

  private Summary each(DoubleBinaryOperator operator) {
    return Summary.of(
        IntStream.range(0, subject.size())
            .mapToObj(i -> operator.applyAsDouble(subject.get(i), peer.get(i)))
            .toList());
  }
}
