package io.dioagent.agent.hook;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handlers of one channel that are to be called on its executor: those that come together by one
 * task. A handler may wait for another one's call: while there is one left, another task is given
 * to the executor before a handler is called. One that throws is the executor's to tell, as without
 * us.
 *
 * <p>Thread-safe.
 */
final class HandlerQueue implements Runnable {
  private final Executor executor;
  private final ConcurrentLinkedQueue<Runnable> handlers = new ConcurrentLinkedQueue<>();

  /** A task was given to the executor and has not begun. */
  private final AtomicBoolean taskComes = new AtomicBoolean();

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
      Thread thread = new Thread(this, "dio-refused-handlers");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void run() {
    taskComes.set(false);
    for (Runnable next; (next = handlers.poll()) != null; ) {
      if (!handlers.isEmpty()) {
        comeForMore();
      }
      next.run();
    }
  }
}
