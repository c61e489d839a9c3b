package io.dioagent.samples.seeds;

import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

/**
 * An engine between the runtime and another engine. May change each write before submission, and
 * may change or drop each completion. Implementations are thread-safe.
 */
abstract class Interposer implements AioEngine {
  private final AioEngine below;

  Interposer(AioEngine below) {
    this.below = below;
  }

  /**
   * Submits one write.
   *
   * @param slot the slot of the write in the batch
   * @param kernel submits the write, and returns the same values as this method
   * @return 1 if the write was accepted, or a negative errno
   */
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    return kernel.getAsInt();
  }

  /** Called for each completion; returns the result to pass on, or empty to drop it. */
  OptionalLong completed(long id, long result) {
    return OptionalLong.of(result);
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return new Context(below.open(depth));
  }

  @Override
  public PageCache pageCache() {
    return below.pageCache();
  }

  private final class Context implements AioContext {
    private final AioContext kernel;

    Context(AioContext kernel) {
      this.kernel = kernel;
    }

    @Override
    public int submit(Submissions batch, int first, int count) {
      return Interposer.this.submit(batch, batch.slot(first), () -> kernel.submit(batch, first, 1));
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      int came = kernel.reap(batch, min, timeoutNanos);
      int kept = 0;
      for (int i = 0; i < came; i++) {
        long id = batch.data(i);
        OptionalLong result = completed(id, batch.result(i));
        if (result.isPresent()) {
          batch.set(kept++, id, result.getAsLong());
        }
      }
      return came < 0 ? came : kept;
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
