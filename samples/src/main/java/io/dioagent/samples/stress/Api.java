package io.dioagent.samples.stress;

/** What the records are written by. */
public enum Api {
  /** The runtime's WriteQueue: asynchronous, many in flight. */
  QUEUE,
  /** The runtime's DirectFile: each thread waits for its one write. */
  SYNC,
  /** A plain FileChannel, which an agent may have its hands in. */
  CHANNEL
}
