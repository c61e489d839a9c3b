package io.dioagent.samples.faults;

/** What a fault is under. */
enum Layer {
  /** The runtime's API: {@code DirectFile.write}. */
  RUNTIME,
  /** The runtime's API: {@code WriteQueue}. */
  QUEUE,
  /** An unmodified application on {@code FileChannel}, with the agent. */
  AGENT;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
