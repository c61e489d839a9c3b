package io.dioagent.runtime.dio;

import java.util.concurrent.locks.Lock;

/**
 * What {@link Dio} does for a request, so that broken variants can stand in its place. The methods
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
     * A new policy.
     *
     * @param touch to be run before memory of the request is touched without the lock
     */
    CompletionPolicy make(Lock lock, Dio.Ending ending, Runnable touch);
  }

  /** The real one. */
  static CompletionPolicy real(Dio dio) {
    return new CompletionPolicy() {
      @Override
      public boolean queued() {
        return dio.queued();
      }

      @Override
      public void refused() {
        dio.refused();
      }

      @Override
      public void ended(long result) {
        dio.ended(result);
      }

      @Override
      public void buffered(long bytes) {
        dio.buffered(bytes);
      }

      @Override
      public void again(long bytes) {
        dio.again(bytes);
      }

      @Override
      public void pending(int errno) {
        dio.pending(errno);
      }

      @Override
      public boolean submitted(long handled) {
        return dio.submitted(handled);
      }

      @Override
      public boolean expire() {
        return dio.expire();
      }

      @Override
      public boolean cancel() {
        return dio.cancel();
      }

      @Override
      public long result() {
        return dio.result();
      }

      @Override
      public Dio.State state() {
        return dio.state();
      }

      @Override
      public long handledBytes() {
        return dio.handledBytes();
      }

      @Override
      public long transferredBytes() {
        return dio.transferredBytes();
      }
    };
  }
}
