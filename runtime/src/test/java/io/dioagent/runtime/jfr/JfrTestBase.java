package io.dioagent.runtime.jfr;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.RequestInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink and a recording of its events. */
@Timeout(60)
abstract class JfrTestBase {
  static final RequestInfo REQUEST =
      new RequestInfo(0x0102030405060708L, "/data/a file with a name.db", 1L << 40, 65536);

  @TempDir Path directory;

  final JfrEventSink sink = new JfrEventSink();

  @AfterEach
  void close() {
    sink.close();
  }

  /** Runs a task while everything is recorded. */
  List<RecordedEvent> record(Callable<?> work) throws Exception {
    return record(new Recording(DioEvents.configuration()), work);
  }

  List<RecordedEvent> record(Recording unstarted, Callable<?> work) throws Exception {
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

  static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
