package io.dioagent.agent.hook;

/**
 * A target, and the gate that each operation on it passes, so that it can be left while the
 * application goes on: no two operations on one file, one of ours and one of the JDK's, are ever
 * under way together, which matters to those at the descriptor's own offset.
 */
record GatedTarget(Target target, Gate gate) {
  GatedTarget(Target target) {
    this(target, new Gate());
  }
}
