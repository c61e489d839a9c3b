package io.dioagent.samples.stress;

import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.runtime.engine.Submissions;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's engine, with a false result for one write. Thread-safe. */
final class LyingDevice implements AioEngine {
  private final Lie lie;
  private final int liesAbout;
  private final AioEngine kernel = new KernelAio();
  private final AtomicInteger writes = new AtomicInteger();

  /** The false result of that write. */
  enum Lie {
    /** Success is reported, and nothing is written. */
    DROPPED,
    /** Success is reported, and half of it is written. */
    TORN,
    /** The completion is dropped. */
    SILENT
  }

  /**
   * Makes a device.
   *
   * @param liesAbout the number of the write that it lies about, from 1
   */
  LyingDevice(Lie lie, int liesAbout) {
    this.lie = lie;
    this.liesAbout = liesAbout;
  }

  /** Returns how many writes were submitted to it. */
  int writes() {
    return writes.get();
  }

  private record Completion(long data, long result) {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return new LyingContext(kernel.open(depth));
  }

  /** A context of the kernel that replaces the completion of one write. */
  private final class LyingContext implements AioContext {
    private final AioContext below;

    /** False completions. Guarded by itself. */
    private final ArrayDeque<Completion> madeUp = new ArrayDeque<>();

    /** The result of the torn write, or null. Set before the write is submitted. */
    private volatile Completion ofTorn;

    LyingContext(AioContext below) {
      this.below = below;
    }

    @Override
    public int submit(Submissions batch, int first, int count) {
      int slot = batch.slot(first);
      if (writes.incrementAndGet() != liesAbout) {
        return below.submit(batch, first, 1);
      }
      Completion promised = new Completion(batch.data(slot), batch.lengthBytes(slot));
      if (lie == Lie.TORN) {
        ofTorn = promised;
        batch.setLengthBytes(slot, promised.result() / 2);
        return below.submit(batch, first, 1);
      }
      synchronized (madeUp) {
        if (lie != Lie.SILENT) {
          madeUp.add(promised);
        }
      }
      return 1;
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      synchronized (madeUp) {
        Completion promised = madeUp.poll();
        if (promised != null) {
          batch.set(0, promised.data(), promised.result());
          return 1;
        }
      }
      int came = below.reap(batch, min, timeoutNanos);
      for (int i = 0; i < came; i++) {
        Completion torn = ofTorn;
        if (torn != null && batch.data(i) == torn.data()) {
          batch.set(i, torn.data(), torn.result());
          ofTorn = null;
        }
      }
      return came;
    }

    @Override
    public int cancel(Submissions batch, int slot) {
      return below.cancel(batch, slot);
    }

    @Override
    public void close() {
      below.close();
    }
  }
}
