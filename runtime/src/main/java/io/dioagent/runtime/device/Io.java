package io.dioagent.runtime.device;

import io.dioagent.runtime.api.RequestInfo;

/** One native I/O of a request, as its lane's ledger keeps it. */
public interface Io {
  /** Returns the request that the I/O belongs to, for events. */
  RequestInfo request();

  /**
   * The I/O's one completion. Called by the thread that reaps the lane.
   *
   * @param result bytes, or a negative errno
   */
  void completed(long result);

  /**
   * The kernel did not accept the I/O, and no completion will come. Called by the submitting
   * thread.
   *
   * @param errno positive
   */
  void refused(int errno);
}
