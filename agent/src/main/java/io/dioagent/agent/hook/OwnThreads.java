package io.dioagent.agent.hook;

/** Threads of ours, for what the application has no thread for. */
final class OwnThreads {
  private OwnThreads() {}

  /** Starts a daemon that does one task. */
  static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
