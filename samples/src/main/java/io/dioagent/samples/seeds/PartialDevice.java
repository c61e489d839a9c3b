package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * A file that takes direct writes below an offset only, as the kernel's does up to a hole: a write
 * across it is short, one above is refused.
 */
final class PartialDevice extends Interposer {
  private final long limitOffset;
  private final AtomicLong writtenBytes = new AtomicLong();

  PartialDevice(AioEngine below, long limitOffset) {
    super(below);
    this.limitOffset = limitOffset;
  }

  /** How many bytes it has taken. */
  long writtenBytes() {
    return writtenBytes.get();
  }

  @Override
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    long room = limitOffset - batch.offset(slot);
    if (room <= 0) {
      return -Errno.EINVAL;
    }
    batch.setLengthBytes(slot, Math.min(room, batch.lengthBytes(slot)));
    return kernel.getAsInt();
  }

  @Override
  OptionalLong completed(long id, long result) {
    writtenBytes.addAndGet(Math.max(0, result));
    return OptionalLong.of(result);
  }
}
