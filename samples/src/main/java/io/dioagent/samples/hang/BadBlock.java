package io.dioagent.samples.hang;

import io.dioagent.runtime.Errno;
import io.dioagent.runtime.aio.AioEngine;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A device with a bad block: what is written across it ends with EIO. */
final class BadBlock extends Interposer {
  private final long blockOffset;
  private final Set<Long> across = ConcurrentHashMap.newKeySet();

  BadBlock(AioEngine below, long blockOffset) {
    super(below);
    this.blockOffset = blockOffset;
  }

  @Override
  void submitting(long id, long offset, long lengthBytes) {
    if (offset <= blockOffset && blockOffset < offset + lengthBytes) {
      across.add(id);
    }
  }

  @Override
  OptionalLong completed(long id, long result) {
    boolean bad = across.remove(id) && result > 0;
    return OptionalLong.of(bad ? -Errno.EIO : result);
  }
}
