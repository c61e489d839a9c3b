package io.dioagent.bench.footprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The samples of one variant on one JDK, one per round, or the reason for none. */
final class Measured {
  private final int release;
  private final Variant variant;
  private final List<Sample> samples = new ArrayList<>();
  private Optional<String> whyNot = Optional.empty();

  Measured(int release, Variant variant) {
    this.release = release;
    this.variant = variant;
  }

  int release() {
    return release;
  }

  Variant variant() {
    return variant;
  }

  List<Sample> samples() {
    return samples;
  }

  Optional<String> whyNot() {
    return whyNot;
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /** Records that it does not run on this JDK, and discards its samples. */
  void failed(String why) {
    whyNot = Optional.of(why);
    samples.clear();
  }
}
