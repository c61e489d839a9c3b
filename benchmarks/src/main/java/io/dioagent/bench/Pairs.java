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
 * @param subjectCosts the costs of the subject's samples, or none
 * @param peerCosts the costs of the peer's samples, as many
 */
record Pairs(
    List<Double> subject,
    List<Double> peer,
    List<Double> others,
    List<WriteCost> subjectCosts,
    List<WriteCost> peerCosts) {

  Pairs {
    subject = List.copyOf(subject);
    peer = List.copyOf(peer);
    others = List.copyOf(others);
    subjectCosts = List.copyOf(subjectCosts);
    peerCosts = List.copyOf(peerCosts);
    if (subject.isEmpty() || subject.size() != peer.size() || subject.size() != others.size()) {
      throw new IllegalArgumentException(subject.size() + " samples beside " + peer.size());
    }
    if (subjectCosts.size() != peerCosts.size()) {
      throw new IllegalArgumentException(subjectCosts.size() + " costs beside " + peerCosts.size());
    }
  }

  /** Makes pairs without costs. */
  Pairs(List<Double> subject, List<Double> peer, List<Double> others) {
    this(subject, peer, others, List.of(), List.of());
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

  boolean hasCosts() {
    return !subjectCosts.isEmpty();
  }

  /** Returns the ratios of the costs per byte, by pair. */
  Summary costRatios() {
    return Summary.of(
        IntStream.range(0, subjectCosts.size())
            .mapToObj(i -> subjectCosts.get(i).perByte() / peerCosts.get(i).perByte())
            .toList());
  }

  private Summary each(DoubleBinaryOperator operator) {
    return Summary.of(
        IntStream.range(0, subject.size())
            .mapToObj(i -> operator.applyAsDouble(subject.get(i), peer.get(i)))
            .toList());
  }
}
