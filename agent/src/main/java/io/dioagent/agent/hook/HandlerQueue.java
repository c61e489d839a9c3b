package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handlers of one channel that are to be called on its executor: those that come together by one
 * task, as long as they are short. Where they take their time each gets a task of its own, as
 * without us; and as one may wait for another one's call, somebody looks after a while whether they
 * go on. One that throws is the executor's to tell, as without us.
 *
 * <p>Those of a channel of the JDK's default group are called at once, where they come on one of
 * its threads, as long as they are known to be short: no thread is woken then.
 *
 * <p>Thread-safe.
 */
final class HandlerQueue implements Runnable {
  /** One that takes longer is worth the thread that is woken for the next one. */
  private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final long LOOK_MILLIS = 20;

  /** The JDK's own timer thread, which only looks. */
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

  /** One that takes longer, where it is called at once, has held up others. */
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** After such a one none is called at once for so many times its length. */
  private static final int CAUTION = 16;

  private final Executor executor;

  /** Whether the executor's threads are {@link GroupThreads}. */
  private final boolean ofGroup;

  private final ConcurrentLinkedQueue<Runnable> handlers = new ConcurrentLinkedQueue<>();

  /** A task was given to the executor and has not begun. */
  private final AtomicBoolean taskComes = new AtomicBoolean();

  private final AtomicBoolean lookComes = new AtomicBoolean();

  /** How many were begun: it goes on, or it does not. */
  private final AtomicInteger begun = new AtomicInteger();

  /** They took their time lately. */
  private volatile boolean slow;

  /** How long the last ones took, on the average; none is known to be short at first. */
  private volatile long averageNanos = SHORT_NANOS;

  /** Until when none is called at once, by {@link System#nanoTime}. */
  private volatile long cautiousUntilNanoTime = System.nanoTime();

  /** Under a security manager, those of who wrote last: handlers have no more. */
  private volatile CallerRights rights = CallerRights.NONE;

  HandlerQueue(Executor executor) {
    this.executor = executor;
    ofGroup = GroupThreads.areOf(executor);
  }

  /** Under a security manager: who writes has these. */
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
      tellOnExecutor(e);
    }
    long now = System.nanoTime();
    long tookNanos = now - startNanoTime;
    took(tookNanos);
    if (tookNanos > LONG_NANOS) {
      cautiousUntilNanoTime = now + CAUTION * tookNanos;
    }
  }

  /** Several may do so at once: then one of them does not count. */
  private void took(long nanos) {
    long average = averageNanos;
    averageNanos = average + (nanos - average) / 16;
  }

  /** The exception ends a thread of the group, as if the handler had been called there. */
  private void tellOnExecutor(Throwable thrown) {
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
      // It was shut down, or is full. The application has no thread for it, and ours are few.
      boolean started = false;
      try {
        OwnThreads.start("dio-refused-handlers", CallerRights.matter() ? rights.with(this) : this);
        started = true;
      } finally {
        if (!started) { // The system has no more threads: tried again.
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

  /** Whether they go on; does not call the application's executor itself, which may block. */
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
