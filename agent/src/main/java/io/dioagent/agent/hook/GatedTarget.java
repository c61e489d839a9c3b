package io.dioagent.agent.hook;

/**
 * A target, and the gate that each operation on it passes, so that it can be left while the
 * application goes on. An operation of the runtime and one of the JDK on the same file are never
 * under way together. This matters to operations at the descriptor's own offset.
 */
record GatedTarget(Target target, Gate gate) {
  GatedTarget(Target target) {
    this(target, new Gate());
  }

  /**
   * Begins an operation, with a virtual thread pinned to its carrier; waits while the gate is
   * closed.
   *
   * @return false if it is turned away: then it must not {@link #exit}
   */
  boolean enter() {
    VirtualThreads.pin();
    boolean entered = false;
    try {
      entered = gate.enter();
      return entered;
    } finally {
      if (!entered) {
        VirtualThreads.unpin();
      }
    }
  }

  /** Ends an operation. */
  void exit() {
    try {
      gate.exit();
    } finally {
      VirtualThreads.unpin();
    }
  }
}
