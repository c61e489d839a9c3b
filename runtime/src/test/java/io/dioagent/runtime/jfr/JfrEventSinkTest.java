package io.dioagent.runtime.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes into the sink comes out of a recording. */
@Timeout(60)
class JfrEventSinkTest {

  private static final RequestInfo REQUEST =
      new RequestInfo(0x0102030405060708L, "/data/a file with a name.db", 1L << 40, 65536);

  @TempDir Path directory;

  private final JfrEventSink sink = new JfrEventSink();

  @AfterEach
  void close() {
    sink.close();
  }

  /** Runs something while everything is recorded. */
  private List<RecordedEvent> record(Callable<?> work) throws Exception {
    return record(new Recording(DioEvents.configuration()), work);
  }

  private List<RecordedEvent> record(Recording unstarted, Callable<?> work) throws Exception {
    Path file = directory.resolve(System.nanoTime() + ".jfr");
    try (Recording recording = unstarted) {
      recording.start();
      work.call();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.dioagent."))
        .toList();
  }

  private RecordedEvent recordOne(String name, Runnable work) throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              work.run();
              return null;
            });
    assertEquals(1, events.size(), events.toString());
    assertEquals("io.dioagent." + name, events.get(0).getEventType().getName());
    return events.get(0);
  }

  private static void assertRequest(RecordedEvent event) {
    assertEquals(REQUEST.requestId(), event.getLong("requestId"));
    assertEquals(REQUEST.path(), event.getString("path"));
    assertEquals(REQUEST.offset(), event.getLong("offset"));
    assertEquals(REQUEST.lengthBytes(), event.getLong("length"));
  }

  private static void assertEnding(RecordedEvent event, long result, int errno, String name) {
    assertEquals(result, event.getLong("result"));
    assertEquals(errno, event.getInt("errno"));
    assertEquals(name, event.getString("errnoName"));
  }

  @Test
  void write() throws Exception {
    RecordedEvent event =
        recordOne(
            "Write",
            () -> {
              Object token = sink.beginWrite();
              sleep(20);
              sink.endWrite(token, REQUEST, 65536, 61440, 4096, 3);
            });
    assertRequest(event);
    assertEnding(event, 65536, 0, null);
    assertEquals(61440, event.getLong("directBytes"));
    assertEquals(4096, event.getLong("bufferedBytes"));
    assertEquals(3, event.getInt("ios"));
    assertTrue(event.getDuration().toMillis() >= 20, event.getDuration().toString());
    assertNull(event.getStackTrace());
  }

  @Test
  void failedWrite() throws Exception {
    RecordedEvent event =
        recordOne("Write", () -> sink.endWrite(sink.beginWrite(), REQUEST, -5, 8192, 512, 2));
    assertEnding(event, 0, 5, "EIO");
    assertEquals(8192, event.getLong("directBytes"), "how far it got is told beside the error");
    assertEquals(512, event.getLong("bufferedBytes"));
  }

  @Test
  void read() throws Exception {
    RecordedEvent event =
        recordOne("Read", () -> sink.endRead(sink.beginRead(), REQUEST, 65536, 61440, 4096, 3));
    assertRequest(event);
    assertEnding(event, 65536, 0, null);
    assertEquals(61440, event.getLong("directBytes"));
    assertEquals(4096, event.getLong("bufferedBytes"));
    assertEquals(3, event.getInt("ios"));
    assertNull(event.getStackTrace());
  }

  @Test
  void force() throws Exception {
    RecordedEvent event =
        recordOne("Force", () -> sink.endForce(sink.beginForce(), "/data/f", true, -28));
    assertEquals("/data/f", event.getString("path"));
    assertTrue(event.getBoolean("metadata"));
    assertEquals(28, event.getInt("errno"));
    assertEquals("ENOSPC", event.getString("errnoName"));
    assertNull(event.getStackTrace());
  }

  /** A thread whose stack is known. */
  private static final class Submitter extends Thread {
    private final List<StackTraceElement> stack;

    Submitter(List<StackTraceElement> stack) {
      super("writer-1");
      this.stack = stack;
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return stack.toArray(new StackTraceElement[0]);
    }
  }

  private static final Thread SUBMITTER =
      new Submitter(
          List.of(
              new StackTraceElement("a.A", "inner", "A.java", 1),
              new StackTraceElement("a.B", "outer", "B.java", 2)));

  private static void assertSubmitter(RecordedEvent event) {
    assertEquals("writer-1", event.getString("submitter"));
    assertEquals("a.A.inner(A.java:1)\na.B.outer(B.java:2)\n", event.getString("submitterStack"));
  }

  @Test
  void lostCompletion() throws Exception {
    RecordedEvent event =
        recordOne(
            "LostCompletion",
            () ->
                sink.lostCompletion(
                    REQUEST, 30_000_000_123L, 30_000_000_000L, "no event", true, SUBMITTER));
    assertRequest(event);
    assertEquals(Duration.ofNanos(30_000_000_123L), event.getDuration("ageNanos"));
    assertEquals(Duration.ofSeconds(30), event.getDuration("deadlineNanos"));
    assertEquals("no event", event.getString("reason"));
    assertTrue(event.getBoolean("pending"));
    assertSubmitter(event);
  }

  /** Far larger than a thread's buffer in JFR. A loss must not be lost itself. */
  @Test
  void lostCompletionWithAnEndlessStack() throws Exception {
    StackTraceElement frame = new StackTraceElement("some.Class\u20ac", "method", "C.java", 1);
    Thread deep = new Submitter(Collections.nCopies(1 << 15, frame));
    RecordedEvent event =
        recordOne(
            "LostCompletion", () -> sink.lostCompletion(REQUEST, 2, 1, "no event", true, deep));
    assertEquals((frame + "\n").repeat(1 << 15), event.getString("submitterStack"));
  }

  @Test
  void lostCompletionOfAnUnknownThread() throws Exception {
    RecordedEvent event =
        recordOne("LostCompletion", () -> sink.lostCompletion(REQUEST, 2, 1, "r", false, null));
    assertNull(event.getString("submitterStack"));
    assertFalse(event.getBoolean("pending"));
  }

  @Test
  void lateCompletion() throws Exception {
    RecordedEvent event =
        recordOne("LateCompletion", () -> sink.lateCompletion(REQUEST, 99, 65536, true));
    assertRequest(event);
    assertEnding(event, 65536, 0, null);
    assertEquals(Duration.ofNanos(99), event.getDuration("ageNanos"));
    assertTrue(event.getBoolean("delivered"));
  }

  @Test
  void duplicateCompletion() throws Exception {
    RecordedEvent event =
        recordOne(
            "DuplicateCompletion",
            () -> sink.duplicateCompletion(REQUEST, 98, -5, "why", SUBMITTER));
    assertRequest(event);
    assertEnding(event, 0, 5, "EIO");
    assertEquals(Duration.ofNanos(98), event.getDuration("ageNanos"));
    assertEquals("why", event.getString("reason"));
    assertSubmitter(event);
  }

  @Test
  void unknownCompletion() throws Exception {
    RecordedEvent event = recordOne("UnknownCompletion", () -> sink.unknownCompletion(-7, 512));
    assertEquals(-7, event.getLong("requestId"));
    assertEnding(event, 512, 0, null);
  }

  @Test
  void completionError() throws Exception {
    RecordedEvent event =
        recordOne(
            "CompletionError", () -> sink.completionError(REQUEST, 97, -999, "why", SUBMITTER));
    assertRequest(event);
    assertEquals(999, event.getInt("errno"));
    assertEquals("errno 999", event.getString("errnoName"));
    assertEquals("why", event.getString("reason"));
    assertEquals(Duration.ofNanos(97), event.getDuration("ageNanos"));
    assertSubmitter(event);
  }

  @Test
  void bufferedFallback() throws Exception {
    RecordedEvent event =
        recordOne(
            "BufferedFallback", () -> sink.bufferedFallback(REQUEST, 95, "unaligned", SUBMITTER));
    assertRequest(event);
    assertEquals(Duration.ofNanos(95), event.getDuration("ageNanos"));
    assertEquals("unaligned", event.getString("reason"));
    assertEquals("writer-1", event.getString("submitter"));
    assertNull(event.getStackTrace());
  }

  @Test
  void pageCacheCollision() throws Exception {
    RecordedEvent event =
        recordOne(
            "PageCacheCollision",
            () -> sink.pageCacheCollision(REQUEST, 96, OnCollision.LAUNDER, "mapped", SUBMITTER));
    assertRequest(event);
    assertEquals("launder", event.getString("policy"), "as the option spells it");
    assertEquals(Duration.ofNanos(96), event.getDuration("ageNanos"));
    assertEquals("mapped", event.getString("reason"));
    assertSubmitter(event);
  }

  @Test
  void submissionStall() throws Exception {
    RecordedEvent event =
        recordOne("SubmissionStall", () -> sink.submissionStall(REQUEST, 77, "frozen"));
    assertRequest(event);
    assertEquals(Duration.ofNanos(77), event.getDuration("stallNanos"));
    assertEquals("frozen", event.getString("reason"));
  }

  @Test
  void taggedFile() throws Exception {
    RecordedEvent event =
        recordOne("TaggedFile", () -> sink.taggedFile("/data/f", true, 512, 4, "aligned"));
    assertEquals("/data/f", event.getString("path"));
    assertTrue(event.getBoolean("direct"));
    assertEquals(512, event.getInt("offsetAlign"));
    assertEquals(4, event.getInt("memoryAlign"));
    assertEquals("aligned", event.getString("reason"));
  }

  @Test
  void faultInjected() throws Exception {
    RecordedEvent event = recordOne("FaultInjected", () -> sink.faultInjected(REQUEST, "lose"));
    assertRequest(event);
    assertEquals("lose", event.getString("fault"));
  }

  @Test
  void shortOperationsAreNotRecordedByDefault() throws Exception {
    List<RecordedEvent> events =
        record(
            new Recording(),
            () -> {
              sink.endWrite(sink.beginWrite(), REQUEST, 1, 1, 0, 1);
              sink.endRead(sink.beginRead(), REQUEST, 1, 1, 0, 1);
              sink.endForce(sink.beginForce(), "/f", true, 0);
              Object slow = sink.beginWrite();
              sleep(20);
              sink.endWrite(slow, REQUEST, 2, 2, 0, 1);
              return null;
            });
    assertEquals(1, events.size(), events.toString());
    assertEquals(2, events.get(0).getLong("result"));
  }

  @Test
  void whatNobodyRecordsHasNoToken() throws Exception {
    Recording others = new Recording();
    others.disable("io.dioagent.Write");
    others.disable("io.dioagent.Read");
    others.disable("io.dioagent.Force");
    List<Object> tokens = new ArrayList<>();
    record(
        others,
        () -> {
          tokens.add(sink.beginWrite());
          tokens.add(sink.beginRead());
          tokens.add(sink.beginForce());
          return null;
        });
    assertEquals(3, tokens.size());
    tokens.forEach(token -> assertNull(token));
    List<RecordedEvent> events =
        record(
            () -> {
              // Began before the recording.
              sink.endWrite(null, REQUEST, 1, 1, 0, 1);
              sink.endRead(null, REQUEST, 1, 1, 0, 1);
              sink.endForce(null, "/f", true, 0);
              return null;
            });
    assertEquals(List.of(), events);
  }

  private static Recording everyTenMillis() {
    Recording recording = new Recording(DioEvents.configuration());
    recording.enable("io.dioagent.RuntimeStatistics").withPeriod(Duration.ofMillis(10));
    return recording;
  }

  @Test
  void statistics() throws Exception {
    long big = 3L << 31;
    CountDownLatch asked = new CountDownLatch(3);
    List<RecordedEvent> events =
        record(
            everyTenMillis(),
            () -> {
              sink.statisticsFrom(
                  () -> {
                    asked.countDown();
                    return new Statistics(big, big + 1, big + 2, big, 5, 3, 1, 2, 1, 5, 6, 7, 8, 9);
                  });
              asked.await();
              return null;
            });
    assertTrue(events.size() >= 2, events.toString());
    RecordedEvent event = events.get(0);
    assertEquals((double) big, event.getDouble("writes"));
    assertEquals(big + 1, event.getLong("directBytes"));
    assertEquals(big + 2, event.getLong("bufferedBytes"));
    assertEquals(Integer.MAX_VALUE, event.getInt("errors"), "sticks");
    assertEquals(5, event.getInt("lost"));
    assertEquals(3, event.getInt("late"));
    assertEquals(1, event.getInt("notStarted"));
    assertEquals(2, event.getInt("duplicates"));
    assertEquals(1, event.getInt("unknown"));
    assertEquals(5, event.getInt("collisions"));
    assertEquals(6, event.getInt("inFlight"));
    assertEquals(7, event.getLong("quarantinedBytes"));
    assertEquals(8, event.getLong("bufferBytes"));
    assertEquals(9, event.getInt("openFiles"));
    for (RecordedEvent each : events) {
      assertEquals(0, each.getInt("writesPerSecond"), "nothing was written in between");
      assertEquals(0, each.getLong("directBytesPerSecond"));
      assertEquals(0, each.getLong("bufferedBytesPerSecond"));
    }
  }

  /** A clock as counter: 1000 writes, 2 MB direct and 3 MB buffered each second. */
  @Test
  void rates() throws Exception {
    CountDownLatch asked = new CountDownLatch(22);
    List<RecordedEvent> events =
        record(
            everyTenMillis(),
            () -> {
              sink.statisticsFrom(
                  () -> {
                    asked.countDown();
                    long micros = System.nanoTime() / 1000;
                    return new Statistics(
                        micros / 1000, micros * 2, micros * 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                  });
              asked.await();
              return null;
            });
    assertEquals(0, events.get(0).getInt("writesPerSecond"));
    assertEquals(0, events.get(0).getLong("directBytesPerSecond"));
    List<RecordedEvent> rest = events.subList(1, events.size());
    assertEquals(1000, median(rest, "writesPerSecond"), 200);
    assertEquals(2e6, median(rest, "directBytesPerSecond"), 4e5);
    assertEquals(3e6, median(rest, "bufferedBytesPerSecond"), 6e5);
  }

  /** A single interval is wrong when the machine stops between counter and clock. */
  private static double median(List<RecordedEvent> events, String field) {
    return (double)
        events.stream().map(event -> event.getLong(field)).sorted().toList().get(events.size() / 2);
  }

  @Test
  void latestStatisticsWinAndNoneIsPossible() throws Exception {
    AtomicLong first = new AtomicLong();
    CountDownLatch second = new CountDownLatch(2);
    AtomicLong secondAsked = new AtomicLong();
    record(
        everyTenMillis(),
        () -> {
          sink.statisticsFrom(() -> counting(first));
          sink.statisticsFrom(
              () -> {
                second.countDown();
                return counting(secondAsked);
              });
          long before = first.get();
          second.await();
          assertTrue(first.get() <= before + 1, "asked on, " + first.get() + " times");
          sink.statisticsFrom(null);
          long asked = secondAsked.get();
          sleep(100);
          assertTrue(secondAsked.get() <= asked + 1, "asked on, " + secondAsked.get() + " times");
          return null;
        });
  }

  private static Statistics counting(AtomicLong asked) {
    return new Statistics(asked.incrementAndGet(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void twoSinksTellBoth() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    try (JfrEventSink stopped = new JfrEventSink();
        JfrEventSink other = new JfrEventSink()) {
      stopped.statisticsFrom(() -> new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
      stopped.statisticsFrom(null);
      List<RecordedEvent> events =
          record(
              everyTenMillis(),
              () -> {
                sink.statisticsFrom(() -> new Statistics(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
                other.statisticsFrom(
                    () -> {
                      asked.countDown();
                      return new Statistics(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    });
                asked.await();
                return null;
              });
      Set<Double> writes =
          events.stream().map(event -> event.getDouble("writes")).collect(Collectors.toSet());
      assertEquals(Set.of(1.0, 2.0), writes);
    }
  }

  @Test
  void configurationIsInEachRecordingUntilClosed() throws Exception {
    sink.configurationFrom(() -> List.of(new Setting("old", "1", "default")));
    sink.configurationFrom(
        () ->
            List.of(
                new Setting("tag", "/data/**", "agent arguments"),
                new Setting("deadline", "30s", "default")));
    for (int i = 0; i < 2; i++) {
      Set<String> rows =
          record(() -> null).stream()
              .map(
                  e ->
                      e.getString("key") + "=" + e.getString("value") + "," + e.getString("source"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(Set.of("tag=/data/**,agent arguments", "deadline=30s,default"), rows);
    }
    sink.close();
    assertEquals(List.of(), record(() -> null));
  }

  /** An agent attached to a JVM that records, and killed or detached before the chunk ends. */
  @Test
  void configurationIsToldAtOnceIfSomebodyRecords() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              sink.configurationFrom(() -> List.of(new Setting("deadline", "30s", "default")));
              sink.close();
              return null;
            });
    assertEquals(1, events.size(), events.toString());
    assertEquals("deadline", events.get(0).getString("key"));
  }

  @Test
  void warmUpPreparesAllEvents() throws Exception {
    record(
        () -> {
          JfrEventSink.warmUp();
          Set<String> registered =
              FlightRecorder.getFlightRecorder().getEventTypes().stream()
                  .map(EventType::getName)
                  .collect(Collectors.toSet());
          for (Class<? extends Event> type : DioEvents.all()) {
            assertTrue(registered.contains("io.dioagent." + type.getSimpleName()), type.getName());
          }
          return null;
        });
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
