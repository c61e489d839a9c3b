package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Defects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tasks that may get stuck, run in the order in which they were given, at most so many at once.
 * Whoever gives one does not wait.
 *
 * <p>Thread-safe; guarded by its monitor, which is not held while a task is given on or run. The
 * one of a queue before another one is taken first, if both are.
 */
public final class TaskQueue implements Executor {
  private final Executor threads;
  private final int limit;
  private final boolean yields;
  private final Runnable run = this::run;

  // Linked: a queue in an array loses all that it has when it cannot grow.

  private Node first;
  private Node last;
  private int running;

  /** Queues before this one that could not be given a place here, linked by nextStalled. */
  private TaskQueue stalled;

  /** Guarded by the monitor of the queue that this one is before, as the next one. */
  private TaskQueue nextStalled;

  private boolean isStalled;

  private static final class Node {
    private final Runnable task;
    private Node next;

    Node(Runnable task) {
      this.task = task;
    }
  }

  /** A queue before threads. One of these runs tasks as long as there are any. */
  static TaskQueue beforeThreads(Executor threads, int limit) {
    return new TaskQueue(threads, limit, false);
  }

  /** A queue before another one. After each task it goes behind what others have given to that. */
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

  /** Starts the next task if there is one, and a thread for it. */
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
      // There are no more threads, or no memory: the task keeps its place, until startNext() is
      // called again. Or they are shut down, and it is never run.
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

  /** True if there is one more, and a thread to be had for it. */
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
      Defects.log(Defects.At.TASK, null, e); // The others are run all the same.
    }
    synchronized (this) {
      boolean more = first != null;
      if (!more) {
        running--;
      }
      return more;
    }
  }

  /** Under the monitor; null if there is none. */
  private Runnable poll() {
    Node polled = first;
    if (polled == null) {
      return null;
    }
    first = polled.next;
    return polled.task;
  }
}
