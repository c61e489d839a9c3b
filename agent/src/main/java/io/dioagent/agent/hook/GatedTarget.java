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
}
