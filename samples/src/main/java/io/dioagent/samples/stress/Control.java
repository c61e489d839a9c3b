package io.dioagent.samples.stress;

/** Stops all threads of a run from issuing requests. Thread-safe. */
final class Control {
  private volatile boolean stopped;

  void stop() {
    stopped = true;
  }

  /** Allows requests again, for the last check. */
  void resume() {
    stopped = false;
  }

  boolean isStopped() {
    return stopped;
  }
}
