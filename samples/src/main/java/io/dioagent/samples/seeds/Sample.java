package io.dioagent.samples.seeds;

import java.util.List;

/**
 * One defect, in ways that show it and ways that do not. Each way runs in a JVM and a recording of
 * its own, and is judged from outside, by what it observed and what was recorded: the judge does
 * not know which way it was.
 */
interface Sample {
  /** The ways to run it; those that are broken come first. */
  List<Variant> variants();

  /** Runs one of them, and tells what happens. */
  void run(Variant variant, Stage stage) throws Exception;

  /** Whether the defect showed. */
  Verdict judge(Outcome outcome);
}
