package io.dioagent.runtime;

import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;

/** A context in front of another one, for tests to change a call. */
class WrappedContext implements AioContext {
  private final AioContext context;

  WrappedContext(AioContext context) {
    this.context = context;
  }

  /** Tests callers that submit for themselves, too. */
  @Override
  public boolean honoursNowait() {
    return true;
  }

  @Override
  public int submit(Submissions batch, int first, int count) {
    return context.submit(batch, first, count);
  }

  @Override
  public int reap(Completions batch, int min, long timeoutNanos) {
    return context.reap(batch, min, timeoutNanos);
  }

  @Override
  public int cancel(Submissions batch, int slot) {
    return context.cancel(batch, slot);
  }

  @Override
  public void close() {
    context.close();
  }
}
