package io.dioagent.agent.options;

/** How the agent treats writes to tagged files. */
public enum Mode {
  /** Writes go through the direct-I/O runtime. */
  DIRECT,
  /** Writes go through the JDK as without the agent, and are accounted. */
  OBSERVE
}
