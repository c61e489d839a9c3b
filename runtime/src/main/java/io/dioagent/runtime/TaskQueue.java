package io.dioagent.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tasks that may get stuck, run in the order in which they were given, at most so many at once.
 * Whoever gives one does not wait.
 *
 * <p>Thread-safe; guarded by its monitor, which is not held while a task is given on or run.
 */
final class TaskQueue implements Executor {
  private final Executor threads;
  private final int limit;
  private final boolean yields;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /** A queue before threads. One of these runs tasks as long as there are any. */
  static TaskQueue beforeThreads(Executor threads, int limit) {
    return new TaskQueue(threads, limit, false);
  }

  /** A queue before another one. After each task it goes behind what others have given to that. */
  static TaskQueue beforeQueue(TaskQueue shared, int limit) {
    return new TaskQueue(shared, limit, true);
  }

  private TaskQueue(Executor threads, int limit, boolean yields) {
    this.threads = threads;
    this.limit = limit;
    this.yields = yields;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      waiting.addLast(task);
    }
    startNext();
  }

  /** Starts the next task if there is one, and a thread for it. */
  void startNext() {
    synchronized (this) {
      if (waiting.isEmpty() || running == limit) {
        return;
      }
      running++;
    }
    goOn();
  }

  private void goOn() {
    boolean started = false;
    try {
      threads.execute(this::run);
      started = true;
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      // The system has no more threads: the task keeps its place, and startNext() is called again.
      // Or they are shut down, and it is never run.
      System.err.println(OneLine.of("[dio-agent] no thread for a write: " + e.getMessage()));
    } finally {
      if (!started) {
        synchronized (this) {
          running--;
        }
      }
    }
  }

  private void run() {
    boolean more = runNext();
    while (more && !yields) {
      more = runNext();
    }
    if (more) {
      goOn();
    }
  }

  /** True if there is one more, and a thread to be had for it. */
  private boolean runNext() {
    Runnable task;
    synchronized (this) {
      task = waiting.pollFirst();
    }
    try {
      if (task != null) {
        task.run();
      }
    } catch (RuntimeException | Error e) {
      // A defect of one task's: the others are run all the same.
      System.err.println(OneLine.of("[dio-agent] defect in a task: " + e));
    }
    synchronized (this) {
      boolean more = !waiting.isEmpty();
      if (!more) {
        running--;
      }
      return more;
    }
  }
}
