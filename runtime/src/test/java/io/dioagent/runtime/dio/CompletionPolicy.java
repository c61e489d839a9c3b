package io.dioagent.runtime.dio;

import java.util.concurrent.locks.Lock;

/**
 * The operations of {@link Dio} for a request, so that broken variants can replace it. The methods
 * are those of Dio.
 */
public interface CompletionPolicy {
  /** See {@link Dio#queued}. */
  boolean queued();

  /** See {@link Dio#refused}. */
  void refused();

  /** See {@link Dio#ended}. */
  void ended(long result);

  /** See {@link Dio#buffered}. */
  void buffered(long bytes);

  /** See {@link Dio#again}. */
  void again(long bytes);

  /** See {@link Dio#pending}. */
  void pending(int errno);

  /** See {@link Dio#submitted}. */
  boolean submitted(long handled);

  /** See {@link Dio#expire}. */
  boolean expire();

  /** See {@link Dio#cancel}. */
  boolean cancel();

  /** See {@link Dio#result}. */
  long result();

  /** See {@link Dio#state}. */
  Dio.State state();

  /** See {@link Dio#handledBytes}. */
  long handledBytes();

  /** See {@link Dio#transferredBytes}. */
  long transferredBytes();

  /** Makes the policy of one request. */
  interface Maker {
    /**
     * Makes a new policy.
     *
     * @param touch to be run before memory of the request is touched without the lock
     */
    CompletionPolicy make(Lock lock, Dio.Ending ending, Runnable touch);
  }

  /** Returns the real policy. */
  static CompletionPolicy real(Dio dio) {
    return new RealPolicy(dio);
  }
}
