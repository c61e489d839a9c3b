package io.dioagent.samples.seeds;

import java.util.List;

/**
 * One defect, in variants that show it and variants that do not. Each variant runs in a JVM and a
 * recording of its own. It is judged from outside, by the facts it printed and its recording,
 * without knowledge of the variant.
 */
interface Sample {
  /** Returns the variants; the broken ones come first. */
  List<Variant> variants();

  /** Runs a variant, and prints the steps. */
  void run(Variant variant, Stage stage) throws Exception;

  /** Returns whether the defect showed. */
  Verdict judge(Outcome outcome);
}
