package io.dioagent.runtime.device;

import io.dioagent.runtime.base.StripedCount;

/** Counts the bytes written to the files of a group. Thread-safe; allocates nothing. */
public final class Meter {
  private final StripedCount directBytes = new StripedCount();
  private final StripedCount bufferedBytes = new StripedCount();

  Meter() {}

  /** Adds the bytes of a write. */
  public void wrote(long direct, long buffered) {
    if (direct != 0) {
      directBytes.add(direct);
    }
    if (buffered != 0) {
      bufferedBytes.add(buffered);
    }
  }

  long directBytes() {
    return directBytes.sum();
  }

  long bufferedBytes() {
    return bufferedBytes.sum();
  }
}
