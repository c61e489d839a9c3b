package io.dioagent.runtime.dio;

import java.util.concurrent.locks.Lock;

/**
 * The kernel's behaviour before each of the four patches, each as one change to the right policy.
 */
public final class BrokenPolicies {
  private BrokenPolicies() {}

  /** Patch 000: the error reached the last bio's end, and no event followed. */
  public static final class LostErrorEvent extends CopiedPolicy {
    public LostErrorEvent(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    void finish() {
      if (result() < 0 && result() == -ioErrno) {
        return;
      }
      super.finish();
    }
  }

  /** Patch 000: dio->result is both the bytes transferred and the error. */
  public static final class ErrorOverwritesCount extends CopiedPolicy {
    public ErrorOverwritesCount(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    void add(long result) {
      if (result < 0) {
        transferred = result;
      } else {
        transferred += result;
      }
    }
  }

  /** Patch 001: the count is an int that is changed outside of the lock. */
  public static final class CountOutsideLock extends CopiedPolicy {
    public CountOutsideLock(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public void ended(long result) {
      lock.lock();
      try {
        add(result);
      } finally {
        lock.unlock();
      }
      touch.run();
      int seen = count;
      touch.run();
      count = seen - 1;
      if (seen == 1) {
        state = state.isReleased() ? Dio.State.DRAINED : Dio.State.ENDED;
        finish();
      }
    }
  }

  /** Patch 001: the submitter drops its count, and then checks whether it was the last. */
  public static final class LookAfterDrop extends CopiedPolicy {
    public LookAfterDrop(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public boolean submitted(long handledBytes) {
      lock.lock();
      try {
        handled = handledBytes;
        count--;
        if (state == Dio.State.NEW) {
          state = Dio.State.RETURNED;
          return false;
        }
      } finally {
        lock.unlock();
      }
      boolean last;
      lock.lock();
      try {
        last = count == 0;
        if (last) {
          state = state.isReleased() ? Dio.State.DRAINED : Dio.State.ENDED;
        }
      } finally {
        lock.unlock();
      }
      if (last) {
        finish();
      }
      return true;
    }
  }

  /** Patch 001: the submitter holds no count while it submits. */
  public static final class NoCountOfTheSubmitter extends CopiedPolicy {
    public NoCountOfTheSubmitter(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
      count = 0;
    }

    @Override
    public boolean submitted(long handledBytes) {
      lock.lock();
      try {
        handled = handledBytes;
        if (state == Dio.State.NEW) {
          state = Dio.State.RETURNED;
          return false;
        }
        return true;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Patch 001: aio_complete is called for an error that submission returns as well. */
  public static final class PublishesWhatItReturns extends CopiedPolicy {
    public PublishesWhatItReturns(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public boolean submitted(long handledBytes) {
      boolean queued = super.submitted(handledBytes);
      if (!queued) {
        ending.published(result());
      }
      return queued;
    }
  }

  /** Patch 002: an error after submission completes the request, and the last I/O does too. */
  public static final class PublishesPendingError extends CopiedPolicy {
    public PublishesPendingError(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public void pending(int errno) {
      super.pending(errno);
      if (state() == Dio.State.QUEUED) {
        ending.published(-errno);
      }
    }
  }

  /** Patch 002, too: a pending error replaces the one before. */
  public static final class LastPendingErrorWins extends CopiedPolicy {
    public LastPendingErrorWins(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public void pending(int errno) {
      lock.lock();
      try {
        pendingErrno = errno;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Patch 002: a request that was cancelled inserts an event all the same. */
  public static final class PublishesCancelled extends CopiedPolicy {
    public PublishesCancelled(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    boolean drop() {
      count--;
      if (count > 0) {
        return false;
      }
      state = state == Dio.State.OVERDUE ? Dio.State.DRAINED : Dio.State.ENDED;
      return true;
    }
  }
}
