package io.dioagent.samples.stress;

/** The API that writes the records. */
public enum Api {
  /** The runtime's WriteQueue: asynchronous, many in flight. */
  QUEUE,
  /** The runtime's DirectFile: each thread waits for its one write. */
  SYNC,
  /** A plain FileChannel, which an agent may redirect. */
  CHANNEL
}
