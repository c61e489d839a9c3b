package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.Recorded;
import io.dioagent.runtime.RecordingEventSink.Unknown;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.RequestInfo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Other tests rely on this sink. */
class RecordingEventSinkTest {

  private static final RequestInfo REQUEST = new RequestInfo(1, "/f", 0, 4096);

  private final RecordingEventSink sink = new RecordingEventSink();

  @Test
  void keepsEventsInOrder() {
    sink.unknownCompletion(7, -5);
    sink.endWrite(sink.beginWrite(), REQUEST, 4096, 4096, 0, 1);
    Recorded unknown = new Unknown(7, -5);
    Recorded write = new WriteEnded(REQUEST, 4096, 4096, 0, 1);
    assertEquals(List.of(unknown, write), sink.all());
    assertEquals(write, sink.only(WriteEnded.class));
    assertThrows(AssertionError.class, () -> sink.only(Lost.class));
  }

  @Test
  void findsOperationsThatEndTwiceOrNever() {
    Object first = sink.beginWrite();
    Object second = sink.beginWrite();
    sink.endWrite(second, REQUEST, 0, 0, 0, 1);
    assertEquals(1, sink.open(), "first is, although it equals the second");
    assertEquals(List.of(), sink.misuses());
    sink.endWrite(second, REQUEST, 0, 0, 0, 1);
    assertEquals(1, sink.misuses().size());
    sink.endForce(first, "/f", false, 0);
    assertEquals(2, sink.misuses().size());
    assertEquals(1, sink.open());
  }

  @Test
  void waits() throws Exception {
    Thread teller = new Thread(() -> sink.unknownCompletion(7, 0));
    teller.start();
    assertEquals(1, sink.await(Unknown.class, 1, Duration.ofSeconds(60)).size());
    teller.join();
    assertThrows(AssertionError.class, () -> sink.await(Unknown.class, 2, Duration.ofMillis(10)));
  }
}
