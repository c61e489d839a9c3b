package io.dioagent.runtime.api;

import java.util.List;
import java.util.function.Supplier;

/** Discards all events. Thread-safe. */
final class NoEvents implements EventSink {

  static final NoEvents INSTANCE = new NoEvents();

  private NoEvents() {}

  @Override
  public boolean isEnabled() {
    return false;
  }

  @Override
  public Object beginWrite() {
    return null;
  }

  @Override
  public void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {}

  @Override
  public Object beginRead() {
    return null;
  }

  @Override
  public void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {}

  @Override
  public Object beginForce() {
    return null;
  }

  @Override
  public void endForce(Object token, String path, boolean metadata, long result) {}

  @Override
  public void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter) {}

  @Override
  public void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {}

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {}

  @Override
  public void unknownCompletion(long id, long result) {}

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {}

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {}

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {}

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {}

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {}

  @Override
  public void faultInjected(RequestInfo request, String fault) {}

  @Override
  public void statisticsFrom(Supplier<Statistics> source) {}

  @Override
  public void inFlightFrom(Supplier<List<InFlightRequest>> source) {}

  @Override
  public void configurationFrom(Supplier<List<Setting>> source) {}
}
