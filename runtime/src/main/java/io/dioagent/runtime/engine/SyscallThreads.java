package io.dioagent.runtime.engine;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Daemon threads that may get stuck in a system call: made as needed, without bound, and ended when
 * idle. They inherit nothing from the thread that happened to need them, as in {@link Daemons}.
 * Thread-safe.
 */
public final class SyscallThreads implements ThreadFactory {
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final AtomicInteger number = new AtomicInteger();

  private SyscallThreads(String name) {
    this.name = name;
  }

  /**
   * Returns an executor that makes such threads.
   *
   * @param name of all threads, before a number
   */
  public static ExecutorService named(String name) {
    boolean unused = Thread.holdsLock(Retired.DISCARDING); // Loaded before a heap can be full.
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        new SyscallThreads(name));
  }

  @Override
  @SuppressWarnings("removal") // As Daemons does it.
  public Thread newThread(Runnable task) {
    return AccessController.doPrivileged(
        new PrivilegedAction<Thread>() {
          @Override
          public Thread run() {
            return Daemons.detached(new OneOfThem(task, name + "-" + number.incrementAndGet()));
          }
        });
  }

  /**
   * Retires the calling thread, if it is one of these: it ends with its current task, by {@link
   * #endIfRetired}. A new thread is made when one is needed.
   */
  public static void retire() {
    if (Thread.currentThread() instanceof OneOfThem thread) {
      thread.retired = true;
    }
  }

  /** The last call of a task that may have retired its thread: does not return in that case. */
  public static void endIfRetired() {
    if (Thread.currentThread() instanceof OneOfThem thread && thread.retired) {
      throw new Retired();
    }
  }

  /** Returns the calling thread as the kernel knows it, if it is one of these; otherwise null. */
  public static KernelThread current() {
    return Thread.currentThread() instanceof OneOfThem thread ? thread.known() : null;
  }

  private static final class OneOfThem extends Thread {
    /** Used only by the thread itself. */
    private KernelThread known;

    /** Used only by the thread itself. */
    private boolean retired;

    OneOfThem(Runnable task, String name) {
      super(null, task, name, 0, false);
    }

    private KernelThread known() {
      if (known == null) {
        known = KernelThread.current();
      }
      return known;
    }

    @Override
    public UncaughtExceptionHandler getUncaughtExceptionHandler() {
      UncaughtExceptionHandler given = super.getUncaughtExceptionHandler();
      return retired || given == getThreadGroup() ? Retired.DISCARDING : given;
    }
  }

  /** Ends a worker of a ThreadPoolExecutor, which has no other way. */
  private static final class Retired extends Error {
    private static final long serialVersionUID = 1L;

    private static final Thread.UncaughtExceptionHandler DISCARDING =
        new Thread.UncaughtExceptionHandler() {
          @Override
          public void uncaughtException(Thread thread, Throwable e) {
            // Without heap an idle thread ends, as it cannot wait; another one is made when needed.
            if (!(e instanceof Retired || e instanceof OutOfMemoryError)) {
              thread.getThreadGroup().uncaughtException(thread, e);
            }
          }
        };

    Retired() {
      super("ends its thread", null, false, false);
    }
  }
}
