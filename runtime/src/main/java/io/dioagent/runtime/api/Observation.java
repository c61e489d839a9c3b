package io.dioagent.runtime.api;

/** One operation under observation. Ended exactly once, by the thread that began it. */
public interface Observation {
  /** The operation ended with a byte count or a negative errno (-EIO if it is not known). */
  void end(long result);
}
