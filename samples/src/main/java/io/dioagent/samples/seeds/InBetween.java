package io.dioagent.samples.seeds;

import io.dioagent.runtime.engine.AioEngine;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets something happen once, between a write's first bytes on the device and its completion. */
final class InBetween extends Interposer {
  private final Runnable what;
  private final AtomicBoolean happened = new AtomicBoolean();

  InBetween(AioEngine below, Runnable what) {
    super(below);
    this.what = what;
  }

  @Override
  OptionalLong completed(long id, long result) {
    if (result > 0 && happened.compareAndSet(false, true)) {
      what.run();
    }
    return OptionalLong.of(result);
  }
}
