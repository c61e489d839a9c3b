package io.dioagent.runtime.jfr;

import io.dioagent.events.BufferedFallback;
import io.dioagent.events.CompletionError;
import io.dioagent.events.DuplicateCompletion;
import io.dioagent.events.FaultInjected;
import io.dioagent.events.LateCompletion;
import io.dioagent.events.LostCompletion;
import io.dioagent.events.PageCacheCollision;
import io.dioagent.events.SubmissionStall;
import io.dioagent.events.UnknownCompletion;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import java.util.Locale;

/**
 * Commits the events of anomalies, including injected faults. Separate from {@link JfrEventSink},
 * so that no verifier loads an event class before JFR has started. Thread-safe.
 */
final class JfrAnomalies {
  private JfrAnomalies() {}

  static void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter) {
    LostCompletion event = new LostCompletion();
    if (event.shouldCommit()) {
      JfrFields.fill(event, request);
      event.ageNanos = ageNanos;
      event.deadlineNanos = deadlineNanos;
      event.reason = reason;
      event.pending = pending;
      event.submitter = JfrFields.nameOf(submitter);
      event.submitterStack = JfrFields.stackOf(submitter);
      event.commit();
    }
  }

  static void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {
    LateCompletion event = new LateCompletion();
    if (event.shouldCommit()) {
      JfrFields.fillEnd(event, request, result);
      event.ageNanos = ageNanos;
      event.delivered = delivered;
      event.commit();
    }
  }

  static void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    DuplicateCompletion event = new DuplicateCompletion();
    if (event.shouldCommit()) {
      JfrFields.fillEnd(event, request, result);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = JfrFields.nameOf(submitter);
      event.submitterStack = JfrFields.stackOf(submitter);
      event.commit();
    }
  }

  static void unknownCompletion(long id, long result) {
    UnknownCompletion event = new UnknownCompletion();
    if (event.shouldCommit()) {
      event.requestId = id;
      event.result = JfrFields.bytes(result);
      event.errno = JfrFields.errno(result);
      event.errnoName = JfrFields.errnoName(result);
      event.commit();
    }
  }

  static void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    CompletionError event = new CompletionError();
    if (event.shouldCommit()) {
      JfrFields.fill(event, request);
      event.errno = JfrFields.errno(result);
      event.errnoName = JfrFields.errnoName(result);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = JfrFields.nameOf(submitter);
      event.submitterStack = JfrFields.stackOf(submitter);
      event.commit();
    }
  }

  static void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    BufferedFallback event = new BufferedFallback();
    if (event.shouldCommit()) {
      JfrFields.fill(event, part);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = JfrFields.nameOf(submitter);
      event.commit();
    }
  }

  static void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    PageCacheCollision event = new PageCacheCollision();
    if (event.shouldCommit()) {
      JfrFields.fill(event, part);
      event.policy = policy.name().toLowerCase(Locale.ROOT);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = JfrFields.nameOf(submitter);
      event.submitterStack = JfrFields.stackOf(submitter);
      event.commit();
    }
  }

  static void submissionStall(RequestInfo request, long durationNanos, String reason) {
    SubmissionStall event = new SubmissionStall();
    if (event.shouldCommit()) {
      JfrFields.fill(event, request);
      event.stallNanos = durationNanos;
      event.reason = reason;
      event.commit();
    }
  }

  static void faultInjected(RequestInfo request, String fault) {
    FaultInjected event = new FaultInjected();
    if (event.shouldCommit()) {
      JfrFields.fill(event, request);
      event.fault = fault;
      event.commit();
    }
  }
}
