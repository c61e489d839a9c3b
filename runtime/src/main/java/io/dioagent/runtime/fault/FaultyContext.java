package io.dioagent.runtime.fault;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A context with faults in front. Used by a submitting and a reaping thread, as any context. */
final class FaultyContext implements AioContext {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AioContext kernel;
  private final Faults faults;

  /** Requests in flight, by their data. Guarded by this. */
  private final Map<Long, RequestInfo> inFlight = new HashMap<>();

  /** Completions held back, or made up. Guarded by this. */
  private final List<Due> due = new ArrayList<>();

  /** A completion that is to be delivered at a time. */
  private record Due(long atNanoTime, long data, long result) {}

  FaultyContext(AioContext kernel, Faults faults) {
    this.kernel = kernel;
    this.faults = faults;
  }

  private static boolean isAtSubmission(FaultKind kind) {
    return kind == FaultKind.SUBMIT_BLOCK || kind == FaultKind.SUBMIT_EAGAIN;
  }

  /** Returns whether only the completion of a queued write can have the fault. */
  private static boolean isAtCompletion(FaultKind kind) {
    return !isAtSubmission(kind) && kind != FaultKind.INVALIDATE_EIO;
  }

  /**
   * Returns whether the fault ends with EAGAIN under RWF_NOWAIT: a submission that would wait, or a
   * cached range.
   */
  private static boolean isRefusedByNowait(FaultKind kind) {
    return kind == FaultKind.SUBMIT_BLOCK || kind == FaultKind.INVALIDATE_EIO;
  }

  @Override
  public boolean honoursNowait() {
    return kernel.honoursNowait();
  }

  @Override
  public boolean endsOnSubmitter() {
    return kernel.endsOnSubmitter();
  }

  @Override
  public boolean notifiesWatchers() {
    return kernel.notifiesWatchers();
  }

  @Override
  public boolean waitsForThreads() {
    return kernel.waitsForThreads();
  }

  @Override
  public String submittingCall() {
    return kernel.submittingCall();
  }

  @Override
  public int submit(Submissions batch, int first, int count) {
    int slot = batch.slot(first);
    long data = batch.data(slot);
    RequestInfo request = batch.request(slot);
    RequestInfo write =
        new RequestInfo(
            request.requestId(), request.path(), batch.offset(slot), batch.lengthBytes(slot));
    if ((batch.rwFlags(slot) & Linux.RWF_NOWAIT) != 0
        && faults.mayStrike(write, FaultyContext::isRefusedByNowait)) {
      synchronized (this) {
        due.add(new Due(System.nanoTime(), data, -Errno.EAGAIN));
      }
      return 1;
    }
    FaultRule rule = faults.striking(write, FaultyContext::isAtSubmission);
    if (rule != null && rule.kind() == FaultKind.SUBMIT_EAGAIN) {
      return -Errno.EAGAIN;
    }
    if (rule != null) {
      Faults.block(rule.time().toNanos());
    }
    synchronized (this) {
      inFlight.put(data, write);
    }
    int taken = kernel.submit(batch, first, 1);
    if (taken <= 0) {
      synchronized (this) {
        inFlight.remove(data);
      }
    }
    return taken;
  }

  @Override
  public int reap(Completions batch, int min, long timeoutNanos) {
    long until = System.nanoTime() + timeoutNanos;
    while (true) {
      long now = System.nanoTime();
      // A held-back completion may come due before the kernel has any: wait at most for that. Do
      // not wait long, because the submitting thread may add some meanwhile.
      long latest = now + Math.min(LOOK_NANOS, until - now);
      long wait = Math.max(0, nextDue(latest) - now);
      int came = kernel.reap(batch, Math.min(min, 1), wait);
      if (came < 0) {
        return came;
      }
      for (int i = 0; i < came; i++) {
        take(batch.data(i), batch.result(i));
      }
      int delivered = deliver(batch);
      if (delivered > 0 || System.nanoTime() - until >= 0) {
        return delivered;
      }
    }
  }

  private synchronized long nextDue(long latest) {
    long next = latest;
    for (Due one : due) {
      next = one.atNanoTime - next < 0 ? one.atNanoTime : next;
    }
    return next;
  }

  private synchronized void take(long data, long result) {
    long now = System.nanoTime();
    RequestInfo write = inFlight.remove(data);
    boolean untouched = write == null || result == -Errno.EAGAIN || result == -Errno.EOPNOTSUPP;
    FaultRule rule = untouched ? null : faults.striking(write, FaultyContext::isAtCompletion);
    if (rule == null) {
      due.add(new Due(now, data, result));
      return;
    }
    switch (rule.kind()) {
      case EIO -> due.add(new Due(now, data, -Errno.EIO));
      case ENOSPC -> due.add(new Due(now, data, -Errno.ENOSPC));
      case SHORT -> due.add(new Due(now, data, result > 0 ? result / 2 : result));
      case DELAY, LATE -> due.add(new Due(now + rule.time().toNanos(), data, result));
      case DUPLICATE -> {
        due.add(new Due(now, data, result));
        due.add(new Due(now, data, result));
      }
      case LOSE -> {}
      default -> throw new IllegalStateException("not at completion: " + rule);
    }
  }

  private synchronized int deliver(Completions batch) {
    long now = System.nanoTime();
    int count = 0;
    for (Iterator<Due> all = due.iterator(); all.hasNext() && count < batch.capacity(); ) {
      Due one = all.next();
      if (now - one.atNanoTime >= 0) {
        batch.set(count++, one.data, one.result);
        all.remove();
      }
    }
    return count;
  }

  @Override
  public int cancel(Submissions batch, int slot) {
    return kernel.cancel(batch, slot);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
