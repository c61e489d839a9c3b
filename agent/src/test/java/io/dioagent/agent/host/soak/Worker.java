package io.dioagent.agent.host.soak;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Performs random steps, one after the other, until the run ends. Each has a thread of its own. */
abstract class Worker implements Runnable {
  final String name;
  final Account account;
  final SplittableRandom random;
  private volatile boolean ending;
  private final AtomicLong steps = new AtomicLong();
  private volatile Thread thread;

  Worker(String name, Account account, SplittableRandom random) {
    this.name = name;
    this.account = account;
    this.random = random;
  }

  /**
   * Does one step.
   *
   * @throws Exception that the application does not expect
   */
  abstract void step() throws Exception;

  /** Checks all that is there, and closes it. Nothing disturbs any more. */
  abstract void end() throws Exception;

  @Override
  public final void run() {
    thread = Thread.currentThread();
    while (!ending) {
      attemptWhatever(true);
    }
    boolean unused = Thread.interrupted();
    attemptWhatever(false);
    steps.set(Long.MAX_VALUE);
  }

  /**
   * The thread survives: with a full heap, finding a handler may throw as well, as the JVM asks the
   * class loader for the handler's type.
   */
  @SuppressWarnings({"finally", "Finally"})
  private void attemptWhatever(boolean goesOn) {
    boolean done = false;
    try {
      attempt(goesOn);
      done = true;
    } finally {
      if (!done) {
        long unused = account.outOfMemory.incrementAndGet();
        return;
      }
    }
  }

  private void attempt(boolean goesOn) {
    try {
      if (goesOn) {
        step();
      } else {
        end();
      }
    } catch (Throwable e) {
      met(e);
    } finally {
      long unused = steps.incrementAndGet(); // With a full heap for long none may succeed.
    }
  }

  /** Records the exception of a step, unless the application caused it. */
  private void met(Throwable error) {
    try {
      if (!account.isOwn(error)) {
        account.error(name, error);
      }
    } catch (OutOfMemoryError e) {
      long unused = account.outOfMemory.incrementAndGet();
    }
  }

  final void stop() {
    ending = true;
  }

  /** A number that grows with each step. */
  final long steps() {
    return steps.get();
  }

  final boolean hasEnded() {
    return steps.get() == Long.MAX_VALUE;
  }

  /** Null before it has begun. */
  final Thread thread() {
    return thread;
  }
}
