package io.dioagent.runtime.dio;

import java.util.concurrent.locks.Lock;

/**
 * The rules of {@link Dio} again, in a form that a variant can break in one place. Without a
 * variant it keeps them, which is tested too. So the checker finds only the variant's change.
 */
public class CopiedPolicy implements CompletionPolicy {
  final Lock lock;
  final Dio.Ending ending;
  final Runnable touch;

  Dio.State state = Dio.State.NEW;
  int count = 1;
  int accepted;
  long handled;
  long transferred;
  int ioErrno;
  int pendingErrno;

  public CopiedPolicy(Lock lock, Dio.Ending ending, Runnable touch) {
    this.lock = lock;
    this.ending = ending;
    this.touch = touch;
  }

  @Override
  public boolean queued() {
    lock.lock();
    try {
      if (state.isReleased()) {
        return false;
      }
      count++;
      accepted++;
      state = Dio.State.QUEUED;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refused() {
    lock.lock();
    try {
      count--;
      accepted--;
      if (accepted == 0 && state == Dio.State.QUEUED) {
        state = Dio.State.NEW;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended(long result) {
    boolean last;
    lock.lock();
    try {
      add(result);
      last = drop();
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  /** Records the result of an I/O, under the lock. */
  void add(long result) {
    if (result < 0) {
      ioErrno = ioErrno == 0 ? (int) -result : ioErrno;
    } else {
      transferred += result;
    }
  }

  /** Drops a count, under the lock. Returns true for the last count. */
  boolean drop() {
    count--;
    if (count > 0) {
      return false;
    }
    state = state.isReleased() ? Dio.State.DRAINED : Dio.State.ENDED;
    return true;
  }

  /** Called by the last dropper, without the lock. */
  void finish() {
    if (state() == Dio.State.ENDED) {
      ending.published(result());
    } else {
      ending.drained(result());
    }
  }

  @Override
  public void buffered(long bytes) {
    lock.lock();
    try {
      transferred += bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void again(long bytes) {
    lock.lock();
    try {
      transferred -= bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pending(int errno) {
    lock.lock();
    try {
      pendingErrno = pendingErrno == 0 ? errno : pendingErrno;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean submitted(long handledBytes) {
    boolean last;
    lock.lock();
    try {
      handled = handledBytes;
      if (state == Dio.State.NEW) {
        count--;
        state = Dio.State.RETURNED;
        return false;
      }
      last = drop();
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
    return true;
  }

  @Override
  public boolean expire() {
    return release(Dio.State.OVERDUE);
  }

  @Override
  public boolean cancel() {
    return release(Dio.State.CANCELLED);
  }

  private boolean release(Dio.State released) {
    lock.lock();
    try {
      if (state != Dio.State.NEW && state != Dio.State.QUEUED) {
        return false;
      }
      state = released;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long result() {
    lock.lock();
    try {
      if (pendingErrno != 0) {
        return -pendingErrno;
      }
      return ioErrno != 0 ? -ioErrno : transferred;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Dio.State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long handledBytes() {
    lock.lock();
    try {
      return handled;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long transferredBytes() {
    lock.lock();
    try {
      return transferred;
    } finally {
      lock.unlock();
    }
  }
}
