package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.JavaFork;

/** How the agent writes. */
enum AgentMode {
  /** As it does by itself: a write returns when the device has it, or fails at its deadline. */
  SYNC("write=sync"),

  /** The same, with a deadline that is told and nothing more. */
  REPORTING("on-lost=report"),

  /** A write returns when it is copied. */
  PIPELINED("write=pipelined");

  private final String option;

  AgentMode(String option) {
    this.option = option;
  }

  /** A JVM under an agent of this mode. */
  JavaFork fork(Bench bench, String tag) {
    return bench.taggedFork(tag, option);
  }
}
