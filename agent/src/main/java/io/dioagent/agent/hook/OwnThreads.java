package io.dioagent.agent.hook;

import io.dioagent.runtime.engine.Daemons;

/** The agent's own threads, for tasks that the application has no thread for. */
final class OwnThreads {
  private OwnThreads() {}

  /** Starts a daemon thread that runs one task. */
  static void start(String name, Runnable task) {
    Daemons.of(task, name).start();
  }
}
