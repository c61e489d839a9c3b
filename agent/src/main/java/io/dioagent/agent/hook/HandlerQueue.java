package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls the handlers of one channel on its executor. One task calls all that are ready, as long as
 * they are short. Long handlers get a task each, as without the agent. As a handler may wait for
 * the call of another one, a timer checks after a while whether the calls go on. A handler's
 * exception reaches the executor, as without the agent.
 *
 * <p>Handlers of a channel of the JDK's default group are called at once if they become ready on a
 * thread of the group and are known to be short: no thread is woken then.
 *
 * <p>Thread-safe.
 */
final class HandlerQueue implements Runnable {
  /** Limits a short handler. After a longer one a thread is woken for the next one. */
  private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final long LOOK_MILLIS = 20;

  /** The JDK's own timer thread, which only checks. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          LOOK_MILLIS,
          TimeUnit.MILLISECONDS,
          new Executor() {
            @Override
            public void execute(Runnable look) {
              look.run();
            }
          });

  /** Limits a handler that is called at once: a longer one has delayed others. */
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** After such a handler none is called at once for this many times its duration. */
  private static final int CAUTION = 16;

  private final Executor executor;

  /** Whether the executor's threads are {@link GroupThreads}. */
  private final boolean ofGroup;

  private final ConcurrentLinkedQueue<Runnable> handlers = new ConcurrentLinkedQueue<>();

  /** Whether a task was submitted to the executor and has not begun. */
  private final AtomicBoolean taskComes = new AtomicBoolean();

  private final AtomicBoolean lookComes = new AtomicBoolean();

  /** How many calls were begun; unchanged since the last check means that they do not go on. */
  private final AtomicInteger begun = new AtomicInteger();

  /** Whether the last handler was long. */
  private volatile boolean slow;

  /** The average duration of the last handlers. At first too large for a call at once. */
  private volatile long averageNanos = SHORT_NANOS;

  /** Until when no handler is called at once, by {@link System#nanoTime}. */
  private volatile long cautiousUntilNanoTime = System.nanoTime();

  /** Under a security manager, the rights of the last writer: handlers have no more. */
  private volatile CallerRights rights = CallerRights.NONE;

  HandlerQueue(Executor executor) {
    this.executor = executor;
    ofGroup = GroupThreads.areOf(executor);
  }

  /** Sets the rights of the writer, under a security manager. */
  void calledWith(CallerRights ofWriter) {
    rights = ofWriter;
  }

  /** Calls a handler, exactly once. */
  void add(Runnable handler) {
    if (ofGroup
        && averageNanos < SHORT_NANOS / 2
        && GroupThreads.isInside()
        && !CallerRights.matter()) {
      long now = System.nanoTime();
      if (now - cautiousUntilNanoTime >= 0) {
        callAtOnce(handler, now);
        return;
      }
    }
    handlers.add(handler);
    comeForMore();
  }

  private void callAtOnce(Runnable handler, long startNanoTime) {
    try {
      handler.run();
    } catch (RuntimeException | Error e) {
      raiseOnExecutor(e);
    }
    long now = System.nanoTime();
    long tookNanos = now - startNanoTime;
    took(tookNanos);
    if (tookNanos > LONG_NANOS) {
      cautiousUntilNanoTime = now + CAUTION * tookNanos;
    }
  }

  /** Adds to the average. Of several threads at once only one may count. */
  private void took(long nanos) {
    long average = averageNanos;
    averageNanos = average + (nanos - average) / 16;
  }

  /**
   * Throws in a task of the executor, where it ends a thread as if the handler had been called
   * there.
   */
  private void raiseOnExecutor(Throwable thrown) {
    handlers.add(
        new Runnable() {
          @Override
          public void run() {
            HandlerQueue.<RuntimeException>raise(thrown);
          }
        });
    comeForMore();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private void comeForMore() {
    if (!taskComes.compareAndSet(false, true)) {
      return;
    }
    try {
      ApplicationThreads.execute(executor, this, rights);
    } catch (RuntimeException | Error refused) {
      // It was shut down, or is full: no thread of the application is left for it.
      boolean started = false;
      try {
        OwnThreads.start("dio-refused-handlers", CallerRights.matter() ? rights.with(this) : this);
        started = true;
      } finally {
        if (!started) { // The system has no more threads: retried.
          taskComes.set(false);
          lookLater(begun.get());
        }
      }
    }
  }

  @Override
  public void run() {
    taskComes.set(false);
    for (Runnable next; (next = handlers.poll()) != null; ) {
      int number = begun.incrementAndGet();
      if (!handlers.isEmpty()) {
        if (slow) {
          comeForMore();
        } else {
          lookLater(number);
        }
      }
      long before = System.nanoTime();
      boolean returned = false;
      try {
        next.run();
        returned = true;
      } finally {
        long tookNanos = System.nanoTime() - before;
        slow = tookNanos > SHORT_NANOS;
        took(tookNanos);
        if (!returned && !handlers.isEmpty()) {
          comeForMore(); // The exception ends this task, which may be the only one.
        }
      }
    }
  }

  private void lookLater(int number) {
    if (lookComes.compareAndSet(false, true)) {
      LATER.execute(
          new Runnable() {
            @Override
            public void run() {
              look(number);
            }
          });
    }
  }

  /**
   * Checks whether the calls go on. Does not call the application's executor itself, which may
   * block.
   */
  private void look(int number) {
    lookComes.set(false);
    if (handlers.isEmpty()) {
      return;
    }
    int now = begun.get();
    if (now != number) {
      lookLater(now);
      return;
    }
    slow = true;
    lookLater(now);
    OwnThreads.start(
        "dio-handlers",
        new Runnable() {
          @Override
          public void run() {
            comeForMore();
          }
        });
  }
}
