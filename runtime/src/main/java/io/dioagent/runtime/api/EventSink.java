package io.dioagent.runtime.api;

import java.util.List;
import java.util.function.Supplier;

/**
 * Where the runtime tells what happens. Called from any thread, also from those that reap
 * completions, so an implementation neither blocks nor throws.
 *
 * <p>{@code result} is what the kernel answered: bytes, or a negative errno.
 */
public interface EventSink {

  /** One that tells nobody. */
  static EventSink none() {
    return NoEvents.INSTANCE;
  }

  /** Whether somebody may hear of what is told now: where nobody can, details need not be found. */
  default boolean isHeard() {
    return true;
  }

  /** Starts timing a write; the answer goes back into {@link #endWrite}, and may be null. */
  Object beginWrite();

  /** What was begun is not told: others tell what came of it, or it never started. */
  default void abandonWrite(Object token) {}

  /**
   * A write ended, well or not.
   *
   * @param token what {@link #beginWrite} answered
   * @param directBytes how many of the result's bytes went past the page cache
   * @param bufferedBytes how many went through it
   * @param ios how many native I/Os it took
   */
  void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios);

  /** Starts timing a direct read; the answer goes back into {@link #endRead}, and may be null. */
  Object beginRead();

  /** A direct read ended, well or not. As {@link #endWrite}. */
  void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios);

  /** Starts timing a force; the answer goes back into {@link #endForce}, and may be null. */
  Object beginForce();

  /** A force ended with 0 or a negative errno. */
  void endForce(Object token, String path, boolean metadata, long result);

  /**
   * A request did not end by its deadline.
   *
   * @param pending whether it is still out, so that {@link #lateCompletion} follows if it ends;
   *     else it has ended with this, as it was never handed to the kernel
   * @param submitter whose stack is told as it is now, here and below; null if it is not known
   */
  void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter);

  /**
   * A request that had been told lost ended after all; its result went to nobody or to a waiter.
   */
  void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered);

  /** A completion came for an I/O that had ended already. It was dropped. */
  void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter);

  /** A completion came for an id that was never issued. It was dropped. */
  void unknownCompletion(long id, long result);

  /** A request ended with an error from the device, the file system or a limit. */
  void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter);

  /** Part of a write, or all of it, went through the page cache. */
  void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter);

  /** The page cache kept part of what was written directly. */
  void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter);

  /** A submission did not return at once. */
  void submissionStall(RequestInfo request, long durationNanos, String reason);

  /**
   * A file came under the runtime.
   *
   * @param direct whether it can go direct
   * @param offsetAlignBytes alignment of offsets and lengths; 0 where it cannot go direct
   * @param memoryAlignBytes alignment of buffers; 0 where it cannot go direct
   * @param reason why (not)
   */
  void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason);

  /** A fault was injected on request. */
  void faultInjected(RequestInfo request, String fault);

  /**
   * The counters are asked from this supplier from now on, by a thread of the sink's own.
   *
   * @param source replaces the one before; null for nobody, so that a closed runtime is not kept
   */
  void statisticsFrom(Supplier<Statistics> source);

  /**
   * The settings in effect are asked from this supplier from now on, whenever they are told.
   *
   * @param source replaces the one before; called by any thread; null for nobody
   */
  void configurationFrom(Supplier<List<Setting>> source);
}
