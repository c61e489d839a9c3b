package io.dioagent.runtime.memory;

/** The memory of a write request, until the write has ended. */
public interface WriteMemory {
  /** Counts it as quarantined: the write's caller was released, and the kernel may read it. */
  void quarantine();

  /** Ends that count. It is released separately. */
  void endQuarantine();

  /** Gives it back. */
  void release();
}
