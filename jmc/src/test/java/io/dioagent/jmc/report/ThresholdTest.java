package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.dioagent.events.DioEvents;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the JDK's settings only slow writes are events, but all writes are counted. */
@Timeout(60)
class ThresholdTest {

  @Test
  void countersIncludeWritesWithoutEvents() throws Exception {
    try (TestDirectory directory = new TestDirectory()) {
      Path jfr = directory.file("slow.jfr");
      try (JfrEventSink events = new JfrEventSink();
          Recording recording = new Recording(DioEvents.configuration())) {
        recording.enable("io.dioagent.Write").withThreshold(Duration.ofHours(1));
        recording.enable("io.dioagent.RuntimeStatistics").withPeriod(Duration.ofMillis(20));
        recording.start();
        write(directory.file("f.db"), events);
        recording.stop();
        recording.dump(jfr);
      }
      Path html = directory.file("slow.html");
      Verdict verdict = Report.write(List.of(jfr), html);
      assertEquals(100, verdict.writes());
      assertEquals(100 * 4096, verdict.directBytes() + verdict.bufferedBytes());
      PageText page = PageText.of(html);
      JsonObject jvm = page.all("jvms").get(0);
      assertFalse(jvm.get("hasAllWrites").getAsBoolean(), "the recording is incomplete");
      assertTrue(jvm.get("underWay").isJsonNull(), "unknown without the quick writes");
      String note = page.data().getAsJsonArray("notes").get(0).getAsString();
      assertTrue(note.contains("has 0 of 100 writes as events"), note);
    }
  }

  private static void write(Path path, EventSink events) throws Exception {
    try (DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, events);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.CREATE)) {
      // One sample before, and one after. JFR checks for new hooks once a second.
      Thread.sleep(1500);
      for (int i = 0; i < 100; i++) {
        int unused = file.write(ByteBuffer.allocate(4096), i * 4096L);
      }
      Thread.sleep(100);
    }
  }
}
