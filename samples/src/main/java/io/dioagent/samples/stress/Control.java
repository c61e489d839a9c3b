package io.dioagent.samples.stress;

/** Tells all threads of a run to issue nothing more. Thread-safe. */
final class Control {
  private volatile boolean stopped;

  void stop() {
    stopped = true;
  }

  /** For what is done after the end. */
  void resume() {
    stopped = false;
  }

  boolean isStopped() {
    return stopped;
  }
}
