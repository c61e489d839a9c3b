package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.Executor;
import sun.nio.ch.DioHook;

/**
 * The threads of the JDK's default group, on which it calls the handlers of the channels that were
 * opened without an executor. On one of these a handler of such a channel is called at once, by
 * whoever learns that the write has ended. Thread-safe.
 */
final class GroupThreads implements Executor {
  private static final String NAME = "dio-teller";

  /** Set in a thread that is the group's, while it does a task of ours. */
  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>();

  /** Whether these are the threads of an executor. */
  static boolean areOf(Executor executor) {
    try {
      return executor == DioHook.defaultExecutor();
    } catch (IllegalStateException e) { // No JDK that we know; then nobody's are.
      return false;
    }
  }

  /** Whether the calling thread is one of these, doing a task of ours. */
  static boolean isInside() {
    return INSIDE.get() != null;
  }

  @Override
  public void execute(Runnable task) {
    if (CallerRights.matter()) { // These have the application's rights, or none.
      OwnThreads.start(NAME, task);
      return;
    }
    try {
      ApplicationThreads.execute(
          DioHook.defaultExecutor(),
          new Runnable() {
            @Override
            public void run() {
              doOnGroupThread(task);
            }
          },
          CallerRights.NONE);
    } catch (RuntimeException e) { // The application's own factory made none.
      OwnThreads.start(NAME, task);
    }
  }

  /** Its threads are the application's if that has set a factory: ours must not hold up its end. */
  private static void doOnGroupThread(Runnable task) {
    if (!Thread.currentThread().isDaemon()) {
      OwnThreads.start(NAME, task);
      return;
    }
    INSIDE.set(Boolean.TRUE);
    try {
      // There may be a security manager before it ends.
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
