package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Defects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks that may get stuck, in the order in which they were given, at most so many at once.
 * The thread that gives a task does not wait.
 *
 * <p>Thread-safe; guarded by its monitor, which is not held while a task is passed on or run. If
 * both monitors are needed, that of the queue in front of the other is taken first.
 */
public final class TaskQueue implements Executor {
  private final Executor threads;
  private final int limit;
  private final boolean yields;
  private final Runnable run = this::run;

  // Linked: a queue in an array loses all its elements when it cannot grow.

  private Node first;
  private Node last;
  private int running;

  /** Queues in front of this one that could not get a place here, linked by nextStalled. */
  private TaskQueue stalled;

  /** Guarded by the monitor of the next queue, as the field before. */
  private TaskQueue nextStalled;

  private boolean isStalled;

  private static final class Node {
    private final Runnable task;
    private Node next;

    Node(Runnable task) {
      this.task = task;
    }
  }

  /** Makes a queue in front of threads. Each of these runs tasks as long as there are any. */
  static TaskQueue beforeThreads(Executor threads, int limit) {
    return new TaskQueue(threads, limit, false);
  }

  /**
   * Makes a queue in front of another one. After each task it goes behind the tasks of others
   * there.
   */
  public static TaskQueue beforeQueue(TaskQueue shared, int limit) {
    return new TaskQueue(shared, limit, true);
  }

  private TaskQueue(Executor threads, int limit, boolean yields) {
    this.threads = threads;
    this.limit = limit;
    this.yields = yields;
  }

  /**
   * Runs a task when it is its turn.
   *
   * @throws OutOfMemoryError if there is no memory for a place in the queue; it has none then
   */
  @Override
  public void execute(Runnable task) {
    Node node = new Node(task);
    synchronized (this) {
      if (first == null) {
        first = node;
      } else {
        last.next = node;
      }
      last = node;
    }
    startNext();
  }

  /** Starts the next task, if there is one, and a thread for it. */
  void startNext() {
    for (TaskQueue one; (one = pollStalled()) != null; ) {
      one.startNext();
    }
    synchronized (this) {
      if (first == null || running == limit) {
        return;
      }
      running++;
    }
    goOn();
  }

  private void goOn() {
    boolean started = false;
    try {
      threads.execute(run);
      started = true;
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      // There are no more threads, or no memory: the task keeps its place until startNext() is
      // called again. If the threads are shut down, the task never runs.
      Defects.noThread(e);
    } finally {
      if (!started) {
        synchronized (this) {
          running--;
        }
        if (threads instanceof TaskQueue shared) {
          shared.addStalled(this);
        }
      }
    }
  }

  private synchronized void addStalled(TaskQueue one) {
    if (!one.isStalled) {
      one.isStalled = true;
      one.nextStalled = stalled;
      stalled = one;
    }
  }

  private synchronized TaskQueue pollStalled() {
    TaskQueue one = stalled;
    if (one != null) {
      stalled = one.nextStalled;
      one.nextStalled = null;
      one.isStalled = false;
    }
    return one;
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

  /** Takes a place for one more task; returns false if there is none, or no thread for it. */
  private boolean runNext() {
    Runnable task;
    synchronized (this) {
      task = poll();
    }
    try {
      if (task != null) {
        task.run();
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.TASK, null, e); // The other tasks run all the same.
    }
    synchronized (this) {
      boolean more = first != null;
      if (!more) {
        running--;
      }
      return more;
    }
  }

  /** Removes the first task; null if there is none. The caller holds the monitor. */
  private Runnable poll() {
    Node polled = first;
    if (polled == null) {
      return null;
    }
    first = polled.next;
    return polled.task;
  }
}
