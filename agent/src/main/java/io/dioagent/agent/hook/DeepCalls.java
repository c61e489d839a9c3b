package io.dioagent.agent.hook;

import io.dioagent.runtime.engine.Daemons;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import sun.nio.ch.DioStack;

/**
 * Does the agent's part of a close or an unmapping for threads whose stack is too short for it. A
 * thread of the agent waits for such calls, because starting one takes more stack than is left. It
 * starts another thread for each call, which may get stuck.
 *
 * <p>Thread-safe. The calling thread takes no lock.
 */
final class DeepCalls implements Runnable {
  private static final String NAME = "dio-deep-calls";

  /** How often a waiting thread looks without having been woken. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ConcurrentLinkedQueue<Handed> calls = new ConcurrentLinkedQueue<>();

  /** Null before the start and after the stop. */
  private volatile Thread thread;

  /** One call, and the thread that made it. */
  private static final class Handed implements Runnable {
    private final Runnable task;
    private final Thread caller;
    private volatile boolean done;

    Handed(Runnable task, Thread caller) {
      this.task = task;
      this.caller = caller;
    }

    @Override
    public void run() {
      try {
        task.run();
      } finally {
        done = true;
        LockSupport.unpark(caller);
      }
    }
  }

  /** Starts to accept calls. */
  void start() {
    if (thread == null) {
      Thread started = Daemons.of(this, NAME);
      thread = started;
      started.start();
    }
  }

  /** Accepts no more calls. Those that were made before are still done. */
  void stop() {
    Thread stopped = thread;
    thread = null;
    LockSupport.unpark(stopped);
  }

  /**
   * Has another thread do a task.
   *
   * @throws StackOverflowError if it is not done: after {@link #stop}
   */
  void handOver(Runnable task) {
    Handed unused = begin(task);
  }

  /** As {@link #handOver}, and waits until the task is done; an interrupt does not end the wait. */
  void await(Runnable task) {
    Handed call = begin(task);
    boolean interrupted = false;
    while (!call.done) {
      LockSupport.parkNanos(LOOK_NANOS);
      interrupted |= Thread.interrupted(); // Otherwise it is not parked again.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Handed begin(Runnable task) {
    Handed call = new Handed(task, Thread.currentThread());
    calls.add(call);
    Thread doing = thread;
    if (doing == null && calls.remove(call)) {
      DioStack.requireStack(); // Throws: the caller is here because its stack is short.
      task.run();
      call.done = true;
    }
    LockSupport.unpark(doing);
    return call;
  }

  @Override
  public void run() {
    Thread self = Thread.currentThread();
    while (true) {
      // Read first: a call that is added later is removed by its caller.
      boolean stopped = thread != self;
      Handed call = calls.poll();
      if (call != null) {
        runApart(call);
      } else if (stopped) {
        return;
      } else {
        LockSupport.park(this);
      }
    }
  }

  private static void runApart(Handed call) {
    try {
      Daemons.of(call, NAME).start();
    } catch (OutOfMemoryError e) { // The process has reached its limit of threads or of memory.
      runHere(call);
    }
  }

  private static void runHere(Handed call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      return; // It counts as done, and this thread goes on with the next one.
    }
  }
}
