package io.dioagent.agent.hook;

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

  private final Executor executor;
  private final ConcurrentLinkedQueue<Runnable> handlers = new ConcurrentLinkedQueue<>();

  /** A task was given to the executor and has not begun. */
  private final AtomicBoolean taskComes = new AtomicBoolean();

  private final AtomicBoolean lookComes = new AtomicBoolean();

  /** How many were begun: it goes on, or it does not. */
  private final AtomicInteger begun = new AtomicInteger();

  /** They took their time lately. */
  private volatile boolean slow;

  HandlerQueue(Executor executor) {
    this.executor = executor;
  }

  /** Calls a handler, exactly once. */
  void add(Runnable handler) {
    handlers.add(handler);
    comeForMore();
  }

  private void comeForMore() {
    if (!taskComes.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(this);
    } catch (RuntimeException | Error refused) {
      // It was shut down, or is full. The application has no thread for it, and ours are few.
      boolean started = false;
      try {
        startThread("dio-refused-handlers", this);
        started = true;
      } finally {
        if (!started) { // The system has no more threads: tried again.
          taskComes.set(false);
          lookLater(begun.get());
        }
      }
    }
  }

  private static void startThread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
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
        slow = System.nanoTime() - before > SHORT_NANOS;
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
    startThread(
        "dio-handlers",
        new Runnable() {
          @Override
          public void run() {
            comeForMore();
          }
        });
  }
}
