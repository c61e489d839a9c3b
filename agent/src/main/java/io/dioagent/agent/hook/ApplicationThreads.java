package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.Executor;

/**
 * Tasks for threads of the application's. One that is made for a task takes over the context class
 * loader of who gives it, which ours do not have, and its rights, of which ours have more.
 */
final class ApplicationThreads {
  private ApplicationThreads() {}

  /**
   * As {@link Executor#execute}.
   *
   * @param rights with which to give it, under a security manager
   */
  static void execute(Executor executor, Runnable task, CallerRights rights) {
    if (!CallerRights.matter()) {
      executeWithLoader(executor, task);
      return;
    }
    // With the agent's rights the class loader is set, and then without them.
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
      return false; // The policy grants too little: the task goes without.
    }
  }
}
