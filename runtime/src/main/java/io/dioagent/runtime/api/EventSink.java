package io.dioagent.runtime.api;

import java.util.List;
import java.util.function.Supplier;

/**
 * Receives the runtime's events. Called by any thread, including threads that reap completions, so
 * an implementation neither blocks nor throws.
 *
 * <p>{@code result} is the kernel's answer: bytes, or a negative errno.
 */
public interface EventSink {

  /** Returns a sink that discards all events. */
  static EventSink none() {
    return NoEvents.INSTANCE;
  }

  /**
   * Returns whether events may be recorded now. If not, the runtime does not collect their details.
   */
  default boolean isEnabled() {
    return true;
  }

  /**
   * Starts timing a write. The returned token, which may be null, is passed to {@link #endWrite}.
   */
  Object beginWrite();

  /** Ends timing without an event: the write never started, or other events report its outcome. */
  default void abandonWrite(Object token) {}

  /**
   * A write ended, with or without an error.
   *
   * @param token the token that {@link #beginWrite} returned
   * @param directBytes how many of the result's bytes went past the page cache
   * @param bufferedBytes how many of the result's bytes went through the page cache
   * @param ios how many native I/Os the write took
   */
  void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios);

  /**
   * Starts timing a direct read. The returned token, which may be null, is passed to {@link
   * #endRead}.
   */
  Object beginRead();

  /** A direct read ended, with or without an error. As {@link #endWrite}. */
  void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios);

  /**
   * Starts timing a force. The returned token, which may be null, is passed to {@link #endForce}.
   */
  Object beginForce();

  /** A force ended with 0 or a negative errno. */
  void endForce(Object token, String path, boolean metadata, long result);

  /**
   * A request did not end by its deadline.
   *
   * @param pending true if the request is still in flight, so that {@link #lateCompletion} follows
   *     if it ends; false if it was never handed to the kernel and has ended with this event
   * @param submitter thread whose current stack is recorded, here and below; null if it is not
   *     known
   */
  void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter);

  /**
   * A request that was reported lost has ended. Its result was discarded, or delivered to a waiting
   * caller.
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

  /** The page cache kept pages of a range that was written directly. */
  void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter);

  /** A submission did not return at once. */
  void submissionStall(RequestInfo request, long durationNanos, String reason);

  /**
   * A file came under the runtime.
   *
   * @param direct whether its writes can go direct
   * @param offsetAlignBytes alignment of offsets and lengths; 0 if its writes cannot go direct
   * @param memoryAlignBytes alignment of buffers; 0 if its writes cannot go direct
   * @param reason why its writes can or cannot go direct
   */
  void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason);

  /** A fault was injected on request. */
  void faultInjected(RequestInfo request, String fault);

  /**
   * Sets the supplier of the counters, which a thread of the sink calls from now on.
   *
   * @param source replaces the previous supplier; null removes it, so that a closed runtime can be
   *     collected
   */
  void statisticsFrom(Supplier<Statistics> source);

  /**
   * Sets the supplier of the operations in flight, which a thread of the sink calls from now on.
   *
   * @param source replaces the previous supplier; null removes it
   */
  void inFlightFrom(Supplier<List<InFlightRequest>> source);

  /**
   * Sets the supplier of the settings in effect, called each time the settings are recorded.
   *
   * @param source replaces the previous supplier; called by any thread; null removes it
   */
  void configurationFrom(Supplier<List<Setting>> source);
}
