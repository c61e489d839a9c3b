package io.dioagent.samples.stress;

/** Is told how a run goes. Called by the thread that runs it. */
interface Progress {
  /** Tells nobody. */
  Progress NONE = (what, tally) -> {};

  /**
   * Called many times a second.
   *
   * @param what goes on, such as a stage's name
   */
  void tick(String what, Tally tally);
}
