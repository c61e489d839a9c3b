package io.dioagent.samples.hang;

import io.dioagent.runtime.aio.AioContext;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.AioUnavailableException;
import io.dioagent.runtime.aio.Completions;
import io.dioagent.runtime.aio.Submissions;
import java.util.OptionalLong;

/**
 * Stands between the runtime and an engine: sees each write go, and may change or swallow each
 * completion on its way back. Implementations are thread-safe.
 */
abstract class Interposer implements AioEngine {
  private final AioEngine below;

  Interposer(AioEngine below) {
    this.below = below;
  }

  /** A write is about to be submitted. */
  abstract void submitting(long id, long offset, long lengthBytes);

  /** A completion came; the answer is the result that goes on, or empty to let none go on. */
  abstract OptionalLong completed(long id, long result);

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return new Context(below.open(depth));
  }

  private final class Context implements AioContext {
    private final AioContext kernel;

    Context(AioContext kernel) {
      this.kernel = kernel;
    }

    @Override
    public int submit(Submissions batch, int first, int count) {
      for (int place = first; place < first + count; place++) {
        int slot = batch.slot(place);
        submitting(batch.data(slot), batch.offset(slot), batch.lengthBytes(slot));
      }
      return kernel.submit(batch, first, count);
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
