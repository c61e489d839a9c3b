package io.dioagent.agent.kill;

/** How a writer writes. */
enum Way {
  CHANNEL,
  POSITIONAL,
  GATHER,
  RANDOM_ACCESS_FILE,
  STREAM,
  APPEND,
  ASYNCHRONOUS;

  /** Whether each write begins where the one before ended, so that no hole is ever its doing. */
  boolean isSequential() {
    return this != POSITIONAL && this != ASYNCHRONOUS;
  }
}
