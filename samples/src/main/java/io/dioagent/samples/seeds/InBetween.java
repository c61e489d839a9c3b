package io.dioagent.samples.seeds;

import io.dioagent.runtime.engine.AioEngine;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs an action once, between the write of the first bytes and their completion. */
final class InBetween extends Interposer {
  private final Runnable action;
  private final AtomicBoolean happened = new AtomicBoolean();

  InBetween(AioEngine below, Runnable action) {
    super(below);
    this.action = action;
  }

  @Override
  OptionalLong completed(long id, long result) {
    if (result > 0 && happened.compareAndSet(false, true)) {
      action.run();
    }
    return OptionalLong.of(result);
  }
}
