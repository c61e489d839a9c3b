package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** A device with a bad block: a write that covers it ends with EIO. */
final class BadBlock extends Interposer {
  private final long blockOffset;
  private final Set<Long> across = ConcurrentHashMap.newKeySet();
  private final AtomicInteger errors = new AtomicInteger();

  BadBlock(AioEngine below, long blockOffset) {
    super(below);
    this.blockOffset = blockOffset;
  }

  /** Returns how many writes have ended with EIO. */
  int errors() {
    return errors.get();
  }

  @Override
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    long offset = batch.offset(slot);
    if (offset <= blockOffset && blockOffset < offset + batch.lengthBytes(slot)) {
      across.add(batch.data(slot));
    }
    return kernel.getAsInt();
  }

  @Override
  OptionalLong completed(long id, long result) {
    if (!across.remove(id) || result <= 0) {
      return OptionalLong.of(result);
    }
    errors.incrementAndGet();
    return OptionalLong.of(-Errno.EIO);
  }
}
