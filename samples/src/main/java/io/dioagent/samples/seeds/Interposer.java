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
 * Stands between the runtime and an engine: may change each write on its way to the kernel, and may
 * change or swallow each completion on its way back. Implementations are thread-safe.
 */
abstract class Interposer implements AioEngine {
  private final AioEngine below;

  Interposer(AioEngine below) {
    this.below = below;
  }

  /**
   * Hands one write on.
   *
   * @param slot the write's, in the batch
   * @param kernel submits it, and answers as this does
   * @return 1 if it was taken, or a negative errno
   */
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    return kernel.getAsInt();
  }

  /** A completion came; the answer is the result that goes on, or empty to let none go on. */
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
