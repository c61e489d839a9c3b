package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioEngine;
import java.util.OptionalLong;

/**
 * The defect of Linux' fs/direct-io.c before March 2006: a device error stopped in {@code
 * finished_one_bio()}, and its event never came.
 */
final class LostErrors extends Interposer {
  LostErrors(AioEngine below) {
    super(below);
  }

  @Override
  OptionalLong completed(long id, long result) {
    return result == -Errno.EIO ? OptionalLong.empty() : OptionalLong.of(result);
  }
}
