package io.dioagent.agent.options;

/** What the agent does with writes to tagged files. */
public enum Mode {
  /** They go through the direct-I/O runtime. */
  DIRECT,
  /** They go where they always went, and are accounted. */
  OBSERVE
}
