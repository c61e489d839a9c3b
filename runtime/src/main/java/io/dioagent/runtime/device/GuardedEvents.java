package io.dioagent.runtime.device;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.base.Defects;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reports events to a sink, and catches everything that it throws. A full heap inside the sink, or
 * a defect, must not keep the reported operation from its end. Allocates nothing. Thread-safe if
 * the sink is.
 */
final class GuardedEvents implements EventSink {
  private final EventSink sink;

  GuardedEvents(EventSink sink) {
    this.sink = sink;
  }

  @Override
  public boolean isEnabled() {
    try {
      return sink.isEnabled();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
      return false;
    }
  }

  @Override
  public Object beginWrite() {
    try {
      return sink.beginWrite();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
      return null;
    }
  }

  @Override
  public void abandonWrite(Object token) {
    try {
      sink.abandonWrite(token);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    try {
      sink.endWrite(token, request, result, directBytes, bufferedBytes, ios);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public Object beginRead() {
    try {
      return sink.beginRead();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
      return null;
    }
  }

  @Override
  public void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    try {
      sink.endRead(token, request, result, directBytes, bufferedBytes, ios);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public Object beginForce() {
    try {
      return sink.beginForce();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
      return null;
    }
  }

  @Override
  public void endForce(Object token, String path, boolean metadata, long result) {
    try {
      sink.endForce(token, path, metadata, result);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void lostCompletion(
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      String reason,
      boolean pending,
      Thread submitter) {
    try {
      sink.lostCompletion(request, ageNanos, deadlineNanos, reason, pending, submitter);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {
    try {
      sink.lateCompletion(request, ageNanos, result, delivered);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    try {
      sink.duplicateCompletion(request, ageNanos, result, reason, submitter);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void unknownCompletion(long id, long result) {
    try {
      sink.unknownCompletion(id, result);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    try {
      sink.completionError(request, ageNanos, result, reason, submitter);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    try {
      sink.bufferedFallback(part, ageNanos, reason, submitter);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    try {
      sink.pageCacheCollision(part, ageNanos, policy, reason, submitter);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {
    try {
      sink.submissionStall(request, durationNanos, reason);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    try {
      sink.taggedFile(path, direct, offsetAlignBytes, memoryAlignBytes, reason);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void faultInjected(RequestInfo request, String fault) {
    try {
      sink.faultInjected(request, fault);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void statisticsFrom(Supplier<Statistics> source) {
    try {
      sink.statisticsFrom(source);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void inFlightFrom(Supplier<List<InFlightRequest>> source) {
    try {
      sink.inFlightFrom(source);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }

  @Override
  public void configurationFrom(Supplier<List<Setting>> source) {
    try {
      sink.configurationFrom(source);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.EVENT, null, e);
    }
  }
}
