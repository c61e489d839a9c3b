package io.dioagent.agent.hook;

import io.dioagent.runtime.engine.Daemons;

/** Threads of ours, for what the application has no thread for. */
final class OwnThreads {
  private OwnThreads() {}

  /** Starts a daemon that does one task. */
  static void start(String name, Runnable task) {
    Daemons.of(task, name).start();
  }
}
