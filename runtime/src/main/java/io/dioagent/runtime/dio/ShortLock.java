package io.dioagent.runtime.dio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock for critical sections of a few instructions, in which nothing waits. Unlike a
 * ReentrantLock it never allocates, so a request can end with a full heap. Not reentrant. A thread
 * that finds it held spins, and then yields its processor.
 */
public final class ShortLock implements Lock {
  private static final int SPINS = 100;

  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(ShortLock.class, "held", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile boolean held;

  /** Makes a lock that is free. */
  public ShortLock() {}

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // The holder may be waiting for this processor.
  public void lock() {
    for (int spins = 0; !tryLock(); spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  @Override
  public boolean tryLock() {
    return !held && HELD.compareAndSet(this, false, true);
  }

  @Override
  public void unlock() {
    HELD.setRelease(this, false);
  }

  @Override
  public void lockInterruptibly() {
    throw new UnsupportedOperationException("lockInterruptibly");
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) {
    throw new UnsupportedOperationException("tryLock with a time");
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException("newCondition");
  }
}
