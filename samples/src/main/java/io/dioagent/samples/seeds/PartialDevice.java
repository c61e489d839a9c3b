package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * A file that takes direct writes only below an offset, as in the kernel up to a hole. A write
 * across the offset is short; a write above it is refused.
 */
final class PartialDevice extends Interposer {
  private final long limitOffset;
  private final AtomicLong writtenBytes = new AtomicLong();

  PartialDevice(AioEngine below, long limitOffset) {
    super(below);
    this.limitOffset = limitOffset;
  }

  /** Returns how many bytes have been written. */
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
