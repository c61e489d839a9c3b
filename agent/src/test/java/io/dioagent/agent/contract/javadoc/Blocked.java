package io.dioagent.agent.contract.javadoc;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A thread that does something which takes long. Used by the thread that started it. */
final class Blocked {
  private static final long LONGEST_SECONDS = 40;

  /** Of the file dispatcher, on every JDK. */
  private static final String LOCKING_NATIVE = "lock0";

  private final Thread thread;
  private final FutureTask<String> task;

  private Blocked(Seen.Call call) {
    task =
        new FutureTask<>(
            () -> {
              String outcome;
              try {
                outcome = String.valueOf(call.run());
              } catch (Exception e) {
                outcome = e.getClass().getSimpleName();
              }
              return outcome + (Thread.currentThread().isInterrupted() ? ", interrupted" : "");
            });
    thread = new Thread(task, "blocked");
    thread.setDaemon(true);
    thread.start();
  }

  static Blocked in(Seen.Call call) {
    return new Blocked(call);
  }

  /** Waits until the thread is in the system call for a lock. */
  Blocked awaitLocking() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!isDone() && !isLocking()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("does not wait for a lock");
      }
      Thread.sleep(1);
    }
    return this;
  }

  private boolean isLocking() {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].getMethodName().equals(LOCKING_NATIVE);
  }

  boolean isDone() {
    return task.isDone();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Its result or the simple name of its exception, and whether it was left interrupted. */
  String outcome() throws Exception {
    return task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
  }
}
