package io.dioagent.runtime.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.OnCollision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** A recording contains the events that the sink got. */
class JfrEventSinkTest extends JfrTestBase {
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
    assertEquals(8192, event.getLong("directBytes"), "the progress is recorded beside the error");
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

  /** Far larger than a thread's buffer in JFR. The report of a loss must not be lost. */
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
  void anEventWithoutARecordingHasNoToken() throws Exception {
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
}
