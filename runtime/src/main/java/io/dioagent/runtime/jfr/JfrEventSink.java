package io.dioagent.runtime.jfr;

import io.dioagent.events.AgentConfiguration;
import io.dioagent.events.BufferedFallback;
import io.dioagent.events.CompletionError;
import io.dioagent.events.DioEvents;
import io.dioagent.events.DuplicateCompletion;
import io.dioagent.events.FaultInjected;
import io.dioagent.events.Force;
import io.dioagent.events.LateCompletion;
import io.dioagent.events.LostCompletion;
import io.dioagent.events.PageCacheCollision;
import io.dioagent.events.Read;
import io.dioagent.events.RuntimeStatistics;
import io.dioagent.events.SubmissionStall;
import io.dioagent.events.TaggedFile;
import io.dioagent.events.UnknownCompletion;
import io.dioagent.events.Write;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;

/**
 * Tells JFR. Links the module jdk.jfr: where that may be missing, go through {@link JfrSupport}.
 *
 * <p>Events nobody records cost next to nothing: a flag, and while some other recording runs an
 * instance that escape analysis removes. Fields are filled after {@code shouldCommit()} only.
 * Thread-safe.
 */
public final class JfrEventSink implements EventSink, AutoCloseable {

  private final JfrPeriodicEvents.Slot statistics = JfrPeriodicEvents.statisticsSlot();
  private final JfrPeriodicEvents.Slot configuration = JfrPeriodicEvents.configurationSlot();

  /** Does not start JFR. */
  public JfrEventSink() {}

  /** See {@link JfrSupport#warmUp}. */
  public static void warmUp() {
    if (nobodyRecords()) {
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
   * Whether JFR was never started in this JVM. Asked before an event class is touched, because JFR
   * prepares itself for the first of them, for 60 to 90 ms.
   */
  private static boolean nobodyRecords() {
    return !FlightRecorder.isInitialized();
  }

  @Override
  public boolean isHeard() {
    return !nobodyRecords();
  }

  @Override
  public Object beginWrite() {
    if (nobodyRecords()) {
      return null;
    }
    Write event = new Write();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void endWrite(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    if (token == null) {
      return;
    }
    Write event = (Write) token;
    event.end();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.result = bytes(result);
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.directBytes = directBytes;
      event.bufferedBytes = bufferedBytes;
      event.ios = ios;
      event.commit();
    }
  }

  @Override
  public Object beginRead() {
    if (nobodyRecords()) {
      return null;
    }
    Read event = new Read();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void endRead(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    if (token == null) {
      return;
    }
    Read event = (Read) token;
    event.end();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.result = bytes(result);
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.directBytes = directBytes;
      event.bufferedBytes = bufferedBytes;
      event.ios = ios;
      event.commit();
    }
  }

  @Override
  public Object beginForce() {
    if (nobodyRecords()) {
      return null;
    }
    Force event = new Force();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void endForce(Object token, String path, boolean metadata, long result) {
    if (token == null) {
      return;
    }
    Force event = (Force) token;
    event.end();
    if (event.shouldCommit()) {
      event.path = path;
      event.metadata = metadata;
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.commit();
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
    if (nobodyRecords()) {
      return;
    }
    LostCompletion event = new LostCompletion();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.ageNanos = ageNanos;
      event.deadlineNanos = deadlineNanos;
      event.reason = reason;
      event.pending = pending;
      event.submitter = nameOf(submitter);
      event.submitterStack = stackOf(submitter);
      event.commit();
    }
  }

  @Override
  public void lateCompletion(RequestInfo request, long ageNanos, long result, boolean delivered) {
    if (nobodyRecords()) {
      return;
    }
    LateCompletion event = new LateCompletion();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.result = bytes(result);
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.ageNanos = ageNanos;
      event.delivered = delivered;
      event.commit();
    }
  }

  @Override
  public void duplicateCompletion(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    if (nobodyRecords()) {
      return;
    }
    DuplicateCompletion event = new DuplicateCompletion();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.result = bytes(result);
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = nameOf(submitter);
      event.submitterStack = stackOf(submitter);
      event.commit();
    }
  }

  @Override
  public void unknownCompletion(long id, long result) {
    if (nobodyRecords()) {
      return;
    }
    UnknownCompletion event = new UnknownCompletion();
    if (event.shouldCommit()) {
      event.requestId = id;
      event.result = bytes(result);
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.commit();
    }
  }

  @Override
  public void completionError(
      RequestInfo request, long ageNanos, long result, String reason, Thread submitter) {
    if (nobodyRecords()) {
      return;
    }
    CompletionError event = new CompletionError();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.errno = errno(result);
      event.errnoName = errnoName(result);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = nameOf(submitter);
      event.submitterStack = stackOf(submitter);
      event.commit();
    }
  }

  @Override
  public void bufferedFallback(RequestInfo part, long ageNanos, String reason, Thread submitter) {
    if (nobodyRecords()) {
      return;
    }
    BufferedFallback event = new BufferedFallback();
    if (event.shouldCommit()) {
      event.requestId = part.requestId();
      event.path = part.path();
      event.offset = part.offset();
      event.length = part.lengthBytes();
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = nameOf(submitter);
      event.commit();
    }
  }

  @Override
  public void pageCacheCollision(
      RequestInfo part, long ageNanos, OnCollision policy, String reason, Thread submitter) {
    if (nobodyRecords()) {
      return;
    }
    PageCacheCollision event = new PageCacheCollision();
    if (event.shouldCommit()) {
      event.requestId = part.requestId();
      event.path = part.path();
      event.offset = part.offset();
      event.length = part.lengthBytes();
      event.policy = policy.name().toLowerCase(Locale.ROOT);
      event.ageNanos = ageNanos;
      event.reason = reason;
      event.submitter = nameOf(submitter);
      event.submitterStack = stackOf(submitter);
      event.commit();
    }
  }

  @Override
  public void submissionStall(RequestInfo request, long durationNanos, String reason) {
    if (nobodyRecords()) {
      return;
    }
    SubmissionStall event = new SubmissionStall();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.stallNanos = durationNanos;
      event.reason = reason;
      event.commit();
    }
  }

  @Override
  public void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    if (nobodyRecords()) {
      return;
    }
    TaggedFile event = new TaggedFile();
    if (event.shouldCommit()) {
      event.path = path;
      event.direct = direct;
      event.offsetAlign = offsetAlignBytes;
      event.memoryAlign = memoryAlignBytes;
      event.reason = reason;
      event.commit();
    }
  }

  @Override
  public void faultInjected(RequestInfo request, String fault) {
    if (nobodyRecords()) {
      return;
    }
    FaultInjected event = new FaultInjected();
    if (event.shouldCommit()) {
      event.requestId = request.requestId();
      event.path = request.path();
      event.offset = request.offset();
      event.length = request.lengthBytes();
      event.fault = fault;
      event.commit();
    }
  }

  @Override
  public void statisticsFrom(Supplier<Statistics> source) {
    statistics.use(source == null ? null : new Sampler(source));
  }

  @Override
  public void configurationFrom(Supplier<List<Setting>> source) {
    configuration.use(source == null ? null : () -> tell(source.get()));
    if (source != null && !nobodyRecords()) {
      // The chunk that has begun would have it at its end only, if the JVM lives that long.
      tell(source.get());
    }
  }

  /** Tells no statistics and no configuration any more. The other events go on. */
  @Override
  public void close() {
    statistics.use(null);
    configuration.use(null);
  }

  private static long bytes(long result) {
    return Math.max(result, 0);
  }

  private static int errno(long result) {
    return result < 0 ? (int) -result : 0;
  }

  private static String errnoName(long result) {
    return result < 0 ? Errno.name((int) -result) : null;
  }

  private static String nameOf(Thread submitter) {
    return submitter == null ? null : submitter.getName();
  }

  private static String stackOf(Thread submitter) {
    if (submitter == null) {
      return null;
    }
    StringBuilder lines = new StringBuilder();
    for (StackTraceElement frame : submitter.getStackTrace()) {
      lines.append(frame).append('\n');
    }
    return lines.toString();
  }

  private static int clamped(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  private static void tell(List<Setting> settings) {
    for (Setting setting : settings) {
      AgentConfiguration event = new AgentConfiguration();
      event.key = setting.key();
      event.value = setting.value();
      event.source = setting.source();
      event.commit();
    }
  }

  /** Tells the counters, and their rates since it last did. For JFR's periodic thread only. */
  private static final class Sampler implements Runnable {
    private final Supplier<Statistics> source;
    private Statistics previous;
    private long previousNanos;

    Sampler(Supplier<Statistics> source) {
      this.source = source;
    }

    @Override
    public void run() {
      Statistics now = source.get();
      long nowNanos = System.nanoTime();
      RuntimeStatistics event = new RuntimeStatistics();
      event.writes = now.writes();
      event.directBytes = now.directBytes();
      event.bufferedBytes = now.bufferedBytes();
      event.errors = clamped(now.errors());
      event.lost = clamped(now.lost());
      event.late = clamped(now.late());
      event.notStarted = clamped(now.notStarted());
      event.duplicates = clamped(now.duplicates());
      event.unknown = clamped(now.unknown());
      event.collisions = clamped(now.collisions());
      event.inFlight = now.inFlight();
      event.quarantinedBytes = now.quarantinedBytes();
      event.bufferBytes = now.bufferBytes();
      event.openFiles = now.openFiles();
      if (previous != null) {
        double seconds = Math.max(nowNanos - previousNanos, 1) / 1e9;
        event.writesPerSecond = clamped(Math.round((now.writes() - previous.writes()) / seconds));
        event.directBytesPerSecond =
            Math.round((now.directBytes() - previous.directBytes()) / seconds);
        event.bufferedBytesPerSecond =
            Math.round((now.bufferedBytes() - previous.bufferedBytes()) / seconds);
      }
      event.commit();
      previous = now;
      previousNanos = nowNanos;
    }
  }
}
