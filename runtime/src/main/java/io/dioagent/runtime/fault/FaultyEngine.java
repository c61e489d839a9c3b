package io.dioagent.runtime.fault;

import io.dioagent.runtime.Errno;
import io.dioagent.runtime.EventSink;
import io.dioagent.runtime.RequestInfo;
import io.dioagent.runtime.aio.AioContext;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.AioUnavailableException;
import io.dioagent.runtime.aio.Completions;
import io.dioagent.runtime.aio.Submissions;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The real engine, with faults in front. Each hit is told. Thread-safe. */
public final class FaultyEngine implements AioEngine {
  private final AioEngine engine;
  private final List<FaultRule> rules;
  private final EventSink events;

  public FaultyEngine(AioEngine engine, List<FaultRule> rules, EventSink events) {
    this.engine = engine;
    this.rules = List.copyOf(rules);
    this.events = events;
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return new Context(engine.open(depth));
  }

  private FaultRule striking(Write write, boolean atSubmission) {
    for (FaultRule rule : rules) {
      if (isAtSubmission(rule.kind()) == atSubmission && rule.strikes(write.path, write.offset)) {
        events.faultInjected(
            new RequestInfo(write.data, write.path, write.offset, write.lengthBytes),
            rule.toString());
        return rule;
      }
    }
    return null;
  }

  private boolean mayBlock(Write write) {
    for (FaultRule rule : rules) {
      if (rule.kind() == FaultKind.SUBMIT_BLOCK && rule.mayStrike(write.path, write.offset)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAtSubmission(FaultKind kind) {
    return kind == FaultKind.SUBMIT_BLOCK || kind == FaultKind.SUBMIT_EAGAIN;
  }

  private record Write(long data, String path, long offset, long lengthBytes) {}

  /** A completion that is to be delivered at a time. */
  private record Due(long atNanoTime, long data, long result) {}

  private final class Context implements AioContext {
    private final AioContext kernel;

    /** What is in flight, by its data. Guarded by this. */
    private final Map<Long, Write> inFlight = new HashMap<>();

    /** Completions held back, or made up. Guarded by this. */
    private final List<Due> due = new ArrayList<>();

    Context(AioContext kernel) {
      this.kernel = kernel;
    }

    @Override
    public int submit(Submissions batch, int first, int count) {
      int slot = batch.slot(first);
      Write write =
          new Write(
              batch.data(slot), batch.path(slot), batch.offset(slot), batch.lengthBytes(slot));
      if ((batch.rwFlags(slot) & Linux.RWF_NOWAIT) != 0 && mayBlock(write)) {
        // A submission that would have to wait says so at once; it is made again without the flag.
        synchronized (this) {
          due.add(new Due(System.nanoTime(), write.data, -Errno.EAGAIN));
        }
        return 1;
      }
      FaultRule rule = striking(write, true);
      if (rule != null && rule.kind() == FaultKind.SUBMIT_EAGAIN) {
        return -Errno.EAGAIN;
      }
      if (rule != null) {
        long until = System.nanoTime() + rule.time().toNanos();
        for (long left; (left = until - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(left);
        }
      }
      synchronized (this) {
        inFlight.put(write.data, write);
      }
      int taken = kernel.submit(batch, first, 1);
      if (taken <= 0) {
        synchronized (this) {
          inFlight.remove(write.data);
        }
      }
      return taken;
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      long until = System.nanoTime() + timeoutNanos;
      while (true) {
        long now = System.nanoTime();
        // What is held back may come due before the kernel has anything: wait for that at most.
        long wait = Math.max(0, Math.min(until, nextDue(until)) - now);
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
      Write write = inFlight.remove(data);
      boolean untouched = write == null || result == -Errno.EAGAIN;
      FaultRule rule = untouched ? null : striking(write, false);
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
}
