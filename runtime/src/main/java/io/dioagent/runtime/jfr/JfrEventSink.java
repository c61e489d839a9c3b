package io.dioagent.runtime.jfr;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.util.List;
import java.util.function.Supplier;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;

/**
 * Records events in JFR. Links the module jdk.jfr: code that must run without it uses {@link
 * JfrSupport}.
 *
 * <p>Events that no recording asks for cost next to nothing: a flag, and during another recording
 * an instance that escape analysis removes. Fields are filled only after {@code shouldCommit()}.
 * Thread-safe.
 */
public final class JfrEventSink implements EventSink, AutoCloseable {

  private final JfrPeriodicEvents.Slot statistics = JfrPeriodicEvents.statisticsSlot();
  private final JfrPeriodicEvents.Slot inFlight = JfrPeriodicEvents.inFlightSlot();
  private final JfrPeriodicEvents.Slot configuration = JfrPeriodicEvents.configurationSlot();

  /** Null if there is no runtime. */
  private volatile Supplier<Statistics> statisticsSource;

  /** Null if there is no runtime. */
  private volatile Supplier<List<InFlightRequest>> inFlightSource;

  /** Makes a sink. Does not start JFR. */
  public JfrEventSink() {}

  /** See {@link JfrSupport#warmUp}. */
  public static void warmUp() {
    if (!isJfrStarted()) {
      return;
    }
    for (Class<? extends Event> type : DioEvents.all()) {
      try {
        Class.forName(type.getName(), true, type.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new LinkageError(type.getName(), e);
      }
    }
  }

  /**
   * Returns whether JFR was started in this JVM. Checked before an event class is touched, because
   * JFR takes 60 to 90 ms to prepare for the first of them.
   */
  private static boolean isJfrStarted() {
    return FlightRecorder.isInitialized();
  }

  @Override
  public boolean isEnabled() {
    return isJfrStarted();
  }

  @Override
  public Object beginWrite() {
    return isJfrStarted() ? JfrOperations.beginWrite() : null;
  }

  @Override
  public void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    if (token != null) {
      JfrOperations.endTransfer(token, request, result, directBytes, bufferedBytes, ios);
    }
  }

  @Override
  public Object beginRead() {
    return isJfrStarted() ? JfrOperations.beginRead() : null;
  }

  @Override
  public void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    if (token != null) {
      JfrOperations.endTransfer(token, request, result, directBytes, bufferedBytes, ios);
    }
  }

  @Override
  public Object beginForce() {
    return isJfrStarted() ? JfrOperations.beginForce() : null;
  }

  @Override
  public void endForce(Object token, String path, boolean metadata, long result) {
    if (token != null) {
      JfrOperations.endForce(token, path, metadata, result);
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
    if (isJfrStarted()) {
      JfrAnomalies.lostCompletion(request, ageNanos, deadlineNanos, reason, pending, submitter);
    }
  }

  @Override
  public void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {
    if (isJfrStarted()) {
      JfrAnomalies.lateCompletion(request, ageNanos, result, delivered);
    }
  }

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    if (isJfrStarted()) {
      JfrAnomalies.duplicateCompletion(request, ageNanos, result, reason, submitter);
    }
  }

  @Override
  public void unknownCompletion(long id, long result) {
    if (isJfrStarted()) {
      JfrAnomalies.unknownCompletion(id, result);
    }
  }

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    if (isJfrStarted()) {
      JfrAnomalies.completionError(request, ageNanos, result, reason, submitter);
    }
  }

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    if (isJfrStarted()) {
      JfrAnomalies.bufferedFallback(part, ageNanos, reason, submitter);
    }
  }

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    if (isJfrStarted()) {
      JfrAnomalies.pageCacheCollision(part, ageNanos, policy, reason, submitter);
    }
  }

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {
    if (isJfrStarted()) {
      JfrAnomalies.submissionStall(request, durationNanos, reason);
    }
  }

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    if (isJfrStarted()) {
      JfrOperations.taggedFile(path, direct, offsetAlignBytes, memoryAlignBytes, reason);
    }
  }

  @Override
  public void faultInjected(RequestInfo request, String fault) {
    if (isJfrStarted()) {
      JfrAnomalies.faultInjected(request, fault);
    }
  }

  @Override
  public void statisticsFrom(Supplier<Statistics> source) {
    Supplier<Statistics> before = statisticsSource;
    statisticsSource = source;
    statistics.use(source == null ? null : new JfrStatistics(source, this::oldInFlight));
    if (source == null && before != null && isJfrStarted()) {
      // Otherwise no event would show that all has ended. Holds no lock: see JfrPeriodicEvents.
      new JfrStatistics(before, this::oldInFlight).run();
    }
  }

  @Override
  public void inFlightFrom(Supplier<List<InFlightRequest>> source) {
    inFlightSource = source;
    inFlight.use(source == null ? null : new JfrInFlight(source));
  }

  private int oldInFlight() {
    Supplier<List<InFlightRequest>> source = inFlightSource;
    return source == null ? 0 : JfrInFlight.old(source).size();
  }

  @Override
  public void configurationFrom(Supplier<List<Setting>> source) {
    configuration.use(source == null ? null : () -> JfrOperations.settings(source.get()));
    if (source != null && isJfrStarted()) {
      // Otherwise the current chunk would have it only at its end, if the JVM lives that long.
      JfrOperations.settings(source.get());
    }
  }

  /** Stops recording what is recorded periodically. The other events go on. */
  @Override
  public void close() {
    statistics.use(null);
    inFlight.use(null);
    configuration.use(null);
  }
}
