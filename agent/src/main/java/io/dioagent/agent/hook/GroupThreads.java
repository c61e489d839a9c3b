package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.Executor;
import sun.nio.ch.DioAsync;

/**
 * The threads of the JDK's default group, which call the handlers of channels that were opened
 * without an executor. A thread of this group that learns of a write's end calls such a handler at
 * once. Thread-safe.
 */
final class GroupThreads implements Executor {
  private static final String NAME = "dio-completion";

  /** Set in a thread of the group while it runs a task of the agent. */
  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>();

  /** Whether an executor's threads are these. */
  static boolean areOf(Executor executor) {
    try {
      return executor == DioAsync.defaultExecutor();
    } catch (IllegalStateException e) { // An unknown JDK: then no executor's are.
      return false;
    }
  }

  /** Whether the calling thread is one of these, running a task of the agent. */
  static boolean isInside() {
    return INSIDE.get() != null;
  }

  @Override
  public void execute(Runnable task) {
    if (CallerRights.matter()) { // The group's threads have the application's rights, or none.
      OwnThreads.start(NAME, task);
      return;
    }
    try {
      ApplicationThreads.execute(
          DioAsync.defaultExecutor(),
          new Runnable() {
            @Override
            public void run() {
              doOnGroupThread(task);
            }
          },
          CallerRights.NONE);
    } catch (RuntimeException e) { // The application's own factory made no thread.
      OwnThreads.start(NAME, task);
    }
  }

  /**
   * Leaves non-daemon threads, which the application's factory made: a task must not delay the
   * JVM's end.
   */
  private static void doOnGroupThread(Runnable task) {
    if (!Thread.currentThread().isDaemon()) {
      OwnThreads.start(NAME, task);
      return;
    }
    INSIDE.set(Boolean.TRUE);
    try {
      // A security manager may be set before the task ends.
      Object unused =
          CallerRights.asAgent(
              () -> {
                task.run();
                return null;
              });
    } finally {
      INSIDE.remove();
    }
  }
}
