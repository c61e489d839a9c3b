package io.dioagent.samples.stress;

/** Receives the progress of a run, in the thread that runs it. */
interface Progress {
  /** Ignores the progress. */
  Progress NONE = (what, tally) -> {};

  /**
   * Called many times a second.
   *
   * @param what the current step, such as the name of a stage
   */
  void tick(String what, Tally tally);
}
