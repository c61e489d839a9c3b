package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.ForceEnded;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.ReadEnded;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.Observation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations that the runtime only observes. */
class ObservedTest {
  private final TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void aWriteThatEndsInTimeIsAccounted() throws Exception {
    DirectFile file = test.open("f");
    file.observeWrite(100, 50).end(50);
    file.observeWrite(150, 50).end(-5);
    List<WriteEnded> reported = test.events.all(WriteEnded.class);
    assertEquals(2, reported.size());
    assertEquals(100, reported.get(0).request().offset());
    assertEquals(50, reported.get(0).request().lengthBytes());
    assertEquals(50, reported.get(0).result());
    assertEquals(-5, reported.get(1).result());
    assertEquals(2, test.statistics().writes());
    assertEquals(50, test.statistics().bufferedBytes());
    assertEquals(1, test.statistics().errors());
    Thread.sleep(60);
    assertEquals(List.of(), test.events.all(Lost.class));
  }

  @Test
  void anOverdueOneIsReportedWhileItHangs() throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100)));
    Observation hanging = file.observeWrite(0, 4096);
    Lost lost = test.events.await(Lost.class, 1, Duration.ofSeconds(60)).get(0);
    assertEquals(Thread.currentThread().getName(), lost.submitter());
    assertTrue(lost.submitterStack().contains("ObservedTest"), lost.submitterStack());
    assertTrue(lost.ageNanos() >= TimeUnit.MILLISECONDS.toNanos(100), lost.toString());
    Thread.sleep(60);
    hanging.end(4096);
    Late late = test.events.only(Late.class);
    assertEquals(lost.request(), late.request());
    assertEquals(true, late.delivered());
    assertEquals(4096, late.result());
    assertEquals(1, test.events.all(Lost.class).size());
    assertEquals(1, test.events.all(WriteEnded.class).size());
  }

  @Test
  void reads() throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(50)));
    file.observeRead(100, 50).end(20);
    Observation hanging = file.observeRead(-1, 4096);
    Lost lost = test.events.await(Lost.class, 1, Duration.ofSeconds(60)).get(0);
    assertEquals("observed read has not returned", lost.reason());
    assertEquals(0, lost.request().offset(), "the descriptor's own");
    hanging.end(-5);
    List<ReadEnded> reported = test.events.all(ReadEnded.class);
    assertEquals(2, reported.size());
    assertEquals(new ReadEnded(reported.get(0).request(), 20, 0, 20, 0), reported.get(0));
    assertEquals(100, reported.get(0).request().offset());
    assertEquals(50, reported.get(0).request().lengthBytes());
    assertEquals(-5, reported.get(1).result());
    assertEquals(-5, test.events.only(Late.class).result());
    assertEquals(0, test.statistics().writes());
  }

  @Test
  void forces() throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(50)));
    file.observeForce(true).end(0);
    Observation hanging = file.observeForce(false);
    test.events.await(Lost.class, 1, Duration.ofSeconds(60));
    hanging.end(-5);
    String path = test.path("f").toString();
    assertEquals(
        List.of(new ForceEnded(path, true, 0), new ForceEnded(path, false, -5)),
        test.events.all(ForceEnded.class));
    assertEquals(1, test.statistics().late());
  }
}
