package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The defect of Linux' mm/filemap.c before it returned the bytes handled by direct I/O. A short
 * write was answered like one that had written nothing (-ENOTBLK), so that all of it was written
 * again.
 */
final class ForgottenProgress extends Interposer {
  private final Map<Long, Long> lengths = new ConcurrentHashMap<>();

  ForgottenProgress(AioEngine below) {
    super(below);
  }

  @Override
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    lengths.put(batch.data(slot), batch.lengthBytes(slot));
    return kernel.getAsInt();
  }

  @Override
  OptionalLong completed(long id, long result) {
    boolean shortWrite = result >= 0 && result < lengths.remove(id);
    return OptionalLong.of(shortWrite ? -Errno.EINVAL : result);
  }
}
