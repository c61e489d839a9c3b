package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.dioagent.events.DioEvents;
import io.dioagent.events.RuntimeStatistics;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultRule;
import io.dioagent.runtime.fault.FaultyEngine;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A recording that ends during a hang is not called clean, and the report names what hangs. */
@Timeout(120)
class InFlightReportTest {
  private TestDirectory directory;

  @BeforeEach
  void make() throws IOException {
    directory = new TestDirectory();
  }

  @AfterEach
  void remove() {
    directory.close();
  }

  private static void write(DirectFile file) {
    try {
      int unused = file.write(ByteBuffer.allocate(Activity.BLOCK), 2 * Activity.BLOCK);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Dumps a recording while a write hangs, with 25 s left until its deadline. */
  private Path duringAHang(Path data) throws Exception {
    Path file = directory.file("hang.jfr");
    List<FaultRule> faults = List.of(FaultRule.parse("delay:for=5s"));
    try (JfrEventSink events = new JfrEventSink();
        Recording recording = new Recording(DioEvents.configuration())) {
      recording.start();
      try (DirectRuntime runtime =
              DirectRuntime.start(
                  RuntimeOptions.DEFAULT,
                  events,
                  new FaultyEngine(new ChosenEngine(EngineKind.AUTO), faults, events));
          DirectFile open =
              runtime.open(
                  data, FilePolicy.DEFAULT.withOnLost(OnLost.REPORT), StandardOpenOption.CREATE)) {
        Thread writer = new Thread(() -> write(open), "the writer");
        writer.start();
        Thread.sleep(3500);
        try (Recording part = recording.copy(true)) {
          part.dump(file);
        }
        assertTrue(writer.isAlive(), "it has ended");
        writer.join();
      }
    }
    return file;
  }

  @Test
  void aHangIsNamed() throws Exception {
    Path data = directory.file("data.db");
    Report report = Report.read(List.of(duringAHang(data)));
    Verdict verdict = report.verdict();
    assertEquals(1, verdict.inFlight(), verdict.toString());
    assertEquals(0, verdict.lost(), verdict.toString());
    assertFalse(verdict.clean());
    assertEquals("1 operation had not ended when the recording ended.", report.headline());
    String words = String.join(" ", report.sentences());
    assertTrue(
        words.contains("write of 4,096 bytes at 8,192 of " + data + " by thread the writer, for "),
        words);
    assertTrue(words.contains(", waiting for "), words);

    Path html = directory.file("hang.html");
    report.writeHtml(html);
    PageText page = PageText.of(html);
    JsonObject bad = page.onlyBad(BadKind.IN_FLIGHT);
    assertEquals(data.toString(), page.path(bad));
    assertEquals("8192", bad.get("offset").getAsString());
    assertEquals("the writer", bad.get("thread").getAsString());
    assertTrue(bad.get("age").getAsLong() > 1_000_000_000, bad.toString());
    assertTrue(page.stack(bad).contains("InFlightReportTest.write("), page.stack(bad));
  }

  private Report ofStatistics(int inFlight, int oldInFlight) throws Exception {
    Path file = directory.file(inFlight + "-" + oldInFlight + ".jfr");
    try (Recording recording = new Recording(DioEvents.configuration())) {
      recording.start();
      RuntimeStatistics event = new RuntimeStatistics();
      event.writes = 10;
      event.inFlight = inFlight;
      event.oldInFlight = oldInFlight;
      event.commit();
      recording.stop();
      recording.dump(file);
    }
    return Report.read(List.of(file));
  }

  @Test
  void requestsThatHaveJustBegunAreNoHang() throws Exception {
    Report report = ofStatistics(3, 0);
    assertTrue(report.verdict().clean(), report.verdict().toString());
    assertEquals(
        "Every request that ended did so exactly once, without an error.", report.headline());
    String words = String.join(" ", report.sentences());
    assertTrue(words.contains("3 I/Os were in flight at the end, none for longer than"), words);
  }

  @Test
  void aHangWithoutItsEventsIsCounted() throws Exception {
    Report report = ofStatistics(1, 2);
    assertFalse(report.verdict().clean());
    assertEquals("2 operations had not ended when the recording ended.", report.headline());
    String words = String.join(" ", report.sentences());
    assertTrue(words.contains("The recording does not name them."), words);
  }

  @Test
  void whatIsNotRecordedIsNotClean() throws Exception {
    Path file = directory.file("none.jfr");
    try (JfrEventSink events = new JfrEventSink();
        Recording recording = new Recording(DioEvents.configuration())) {
      recording.start();
      events.taggedFile("/data/f", true, 4096, 4096, "it is on a disk");
      recording.stop();
      recording.dump(file);
    }
    Report report = Report.read(List.of(file));
    assertFalse(report.verdict().clean());
    assertEquals("No failure was recorded, nor whether every request ended.", report.headline());
  }
}
