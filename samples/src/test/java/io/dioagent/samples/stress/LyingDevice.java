package io.dioagent.samples.stress;

import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.runtime.engine.Submissions;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's engine, that lies about one write. Thread-safe. */
final class LyingDevice implements AioEngine {
  private final Lie lie;
  private final int liesAbout;
  private final AioEngine kernel = new KernelAio();
  private final AtomicInteger writes = new AtomicInteger();

  /** What it does with that write. */
  enum Lie {
    /** Success is reported, and nothing is written. */
    DROPPED,
    /** Success is reported, and half of it is written. */
    TORN,
    /** The completion is swallowed. */
    SILENT
  }

  /**
   * A device.
   *
   * @param liesAbout the number of the write that it lies about, from 1
   */
  LyingDevice(Lie lie, int liesAbout) {
    this.lie = lie;
    this.liesAbout = liesAbout;
  }

  /** How many writes were handed to it. */
  int writes() {
    return writes.get();
  }

  private record Completion(long data, long result) {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    AioContext below = kernel.open(depth);
    return new AioContext() {
      /** Made up. Guarded by itself. */
      private final ArrayDeque<Completion> madeUp = new ArrayDeque<>();

      /**
       * What is told of a torn write when it ends; null for nothing. Set before it is submitted.
       */
      private volatile Completion ofTorn;

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
    };
  }
}
