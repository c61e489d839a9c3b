package io.dioagent.agent.hook;

import java.util.concurrent.Executor;

/**
 * Tasks for threads of the application's. One that is made for a task takes over the context class
 * loader of who gives it: ours have none.
 */
final class ApplicationThreads {
  private ApplicationThreads() {}

  /** As {@link Executor#execute}. */
  static void execute(Executor executor, Runnable task) {
    Thread thread = Thread.currentThread();
    if (thread.getContextClassLoader() != null) {
      executor.execute(task);
      return;
    }
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      executor.execute(task);
    } finally {
      thread.setContextClassLoader(null);
    }
  }
}
