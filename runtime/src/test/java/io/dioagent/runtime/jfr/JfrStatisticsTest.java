package io.dioagent.runtime.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** A recording contains the statistics and the configuration of its sinks. */
class JfrStatisticsTest extends JfrTestBase {
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
  void twoSinksRecordBoth() throws Exception {
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
  void configurationIsRecordedAtOnceDuringARecording() throws Exception {
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
}
