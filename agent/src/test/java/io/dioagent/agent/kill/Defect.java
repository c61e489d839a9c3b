package io.dioagent.agent.kill;

/** Deliberate errors of a writer, which the check of its files must find. */
enum Defect {
  NONE,
  /** Some writes are not done, and said to be. */
  DROPPED_WRITE,
  /** The file gets longer than anything that was written. */
  EXTRA_BYTES,
  /** Of some writes the first byte is missing, as if they had begun further on. */
  HOLE;

  private static final int EVERY = 7;

  boolean strikes(int version) {
    return this != NONE && version % EVERY == 0;
  }
}
