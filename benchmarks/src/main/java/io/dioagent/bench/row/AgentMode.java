package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.JavaFork;

/** The write mode of the agent. */
enum AgentMode {
  /** A write returns when the device has it, or fails at its deadline. */
  SYNC("write=sync"),

  /** The same, except that a passed deadline is only recorded. */
  REPORTING("write=sync,on-lost=report"),

  /** A write returns when its bytes are copied. */
  PIPELINED("write=pipelined"),

  /** A write is the application's own, through the page cache; its pages are dropped later. */
  BEHIND("write=behind");

  private final String option;

  AgentMode(String option) {
    this.option = option;
  }

  /** Returns a JVM under the agent in this mode. */
  JavaFork fork(Bench bench, String tag) {
    return bench.taggedFork(tag, option);
  }
}
