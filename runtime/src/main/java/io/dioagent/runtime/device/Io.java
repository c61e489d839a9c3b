package io.dioagent.runtime.device;

import io.dioagent.runtime.api.RequestInfo;

/** One native I/O of a request, as its lane's ledger knows it. */
public interface Io {
  /** The request it belongs to, for events. */
  RequestInfo request();

  /**
   * Its one completion. Called by the thread that reaps the lane.
   *
   * @param result bytes, or a negative errno
   */
  void completed(long result);

  /**
   * It was not taken by the kernel, and no completion will come. Called by the submitting thread.
   *
   * @param errno positive
   */
  void refused(int errno);
}
