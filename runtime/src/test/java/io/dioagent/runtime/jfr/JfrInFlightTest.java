package io.dioagent.runtime.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** A recording names what is old and in flight, and the statistics count it. */
class JfrInFlightTest extends JfrTestBase {
  private static final long MILLI = 1_000_000;

  private static Recording everyTenMillis() {
    Recording recording = new Recording(DioEvents.configuration());
    recording.enable("io.dioagent.InFlight").withPeriod(Duration.ofMillis(10));
    recording.enable("io.dioagent.RuntimeStatistics").withPeriod(Duration.ofMillis(10));
    return recording;
  }

  private static InFlightRequest request(long id, long ageMillis) {
    RequestInfo info = new RequestInfo(id, "/data/f", id * 4096, 4096);
    return new InFlightRequest(
        "write",
        info,
        ageMillis * MILLI,
        30_000 * MILLI,
        "the completion",
        Thread.currentThread(),
        254L << 32 | 1);
  }

  /** Records until the source was called so often. */
  private List<RecordedEvent> record(List<InFlightRequest> inFlight, int calls) throws Exception {
    CountDownLatch asked = new CountDownLatch(calls);
    return record(
        everyTenMillis(),
        () -> {
          sink.inFlightFrom(
              () -> {
                asked.countDown();
                return inFlight;
              });
          sink.statisticsFrom(() -> new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
          asked.await();
          return null;
        });
  }

  private static List<RecordedEvent> only(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("io.dioagent." + name))
        .toList();
  }

  @Test
  void whatIsOldIsNamed() throws Exception {
    List<RecordedEvent> events = record(List.of(request(7, 12_000), request(8, 900)), 8);
    List<RecordedEvent> named = only(events, "InFlight");
    assertTrue(named.size() >= 2, events.toString());
    for (RecordedEvent event : named) {
      assertEquals(7, event.getLong("requestId"));
      assertEquals("/data/f", event.getString("path"));
      assertEquals(7 * 4096, event.getLong("offset"));
      assertEquals(4096, event.getLong("length"));
      assertEquals("write", event.getString("operation"));
      assertEquals(12_000 * MILLI, event.getLong("ageNanos"));
      assertEquals(30_000 * MILLI, event.getLong("deadlineNanos"));
      assertEquals("the completion", event.getString("reason"));
      assertEquals("254:1", event.getString("device"));
      assertEquals(Thread.currentThread().getName(), event.getString("submitter"));
    }
    List<String> stacks =
        named.stream()
            .map(event -> event.getString("submitterStack"))
            .filter(stack -> stack != null)
            .toList();
    assertEquals(1, stacks.size(), "not again within half a minute");
    assertTrue(stacks.get(0).contains("JfrInFlightTest.record("), stacks.get(0));
    List<RecordedEvent> statistics = only(events, "RuntimeStatistics");
    RecordedEvent last = statistics.get(statistics.size() - 1);
    assertEquals(1, last.getInt("oldInFlight"));
  }

  @Test
  void onlyTheOldestAreNamed() throws Exception {
    List<InFlightRequest> many = new ArrayList<>();
    for (int i = 0; i < 3 * JfrInFlight.MOST; i++) {
      many.add(request(i, 2000 + i));
    }
    List<RecordedEvent> events = record(many, 4);
    long youngest =
        only(events, "InFlight").stream()
            .mapToLong(event -> event.getLong("requestId"))
            .min()
            .orElseThrow();
    assertEquals(2 * JfrInFlight.MOST, youngest);
    List<RecordedEvent> statistics = only(events, "RuntimeStatistics");
    assertEquals(3 * JfrInFlight.MOST, statistics.get(statistics.size() - 1).getInt("oldInFlight"));
  }

  @Test
  void nothingOldMeansNoEvent() throws Exception {
    List<RecordedEvent> events = record(List.of(request(1, 999)), 4);
    assertEquals(List.of(), only(events, "InFlight"));
    assertEquals(0, only(events, "RuntimeStatistics").get(0).getInt("oldInFlight"));
  }
}
