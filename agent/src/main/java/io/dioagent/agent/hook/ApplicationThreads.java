package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.Executor;

/**
 * Submits tasks to the application's threads. A thread that is created for a task inherits the
 * context class loader and the rights of the submitting thread. The agent's threads have no such
 * loader, and more rights.
 */
final class ApplicationThreads {
  private ApplicationThreads() {}

  /**
   * Submits a task, as {@link Executor#execute}.
   *
   * @param rights with which to submit it, under a security manager
   */
  static void execute(Executor executor, Runnable task, CallerRights rights) {
    if (!CallerRights.matter()) {
      executeWithLoader(executor, task);
      return;
    }
    // The class loader is set with the agent's rights, the task submitted without them.
    Object unused =
        CallerRights.asAgent(
            () -> {
              executeWithLoader(given -> rights.run(() -> executor.execute(given)), task);
              return null;
            });
  }

  private static void executeWithLoader(Executor executor, Runnable task) {
    boolean lent = lendLoader(Thread.currentThread());
    try {
      executor.execute(task);
    } finally {
      if (lent) {
        Thread.currentThread().setContextClassLoader(null);
      }
    }
  }

  private static boolean lendLoader(Thread thread) {
    try {
      if (thread.getContextClassLoader() == null) {
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return true;
      }
      return false;
    } catch (SecurityException e) {
      return false; // The policy grants too little: the task goes without the loader.
    }
  }
}
