package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads several recordings of fresh JVMs, which identify their JVM. */
@Timeout(180)
class SeveralRecordingsTest {
  private static TestDirectory directory;

  @BeforeAll
  static void record() throws Exception {
    directory = new TestDirectory();
    for (String jvm : List.of("a", "b")) {
      RecordedProcess.Result result =
          RecordedProcess.run(
              List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
              RecordedProcess.Main.class,
              directory.file(jvm + ".db").toString(),
              directory.file(jvm + "1.jfr").toString(),
              directory.file(jvm + "2.jfr").toString());
      assertEquals(0, result.exitCode(), result.output());
    }
  }

  @AfterAll
  static void remove() {
    directory.close();
  }

  private static Path recording(String name) {
    return directory.file(name + ".jfr");
  }

  @Test
  void dumpsOfOneJvmCountOnce() throws Exception {
    assertEquals(100, Report.read(List.of(recording("a1"))).verdict().writes());
    assertEquals(150, Report.read(List.of(recording("a2"))).verdict().writes());
    Report both = Report.read(List.of(recording("a1"), recording("a2"), recording("a1")));
    assertEquals(150, both.verdict().writes());
    assertTrue(both.verdict().clean(), both.verdict().toString());
  }

  @Test
  void aColumnForEachJvm() throws Exception {
    Path html = directory.file("both.html");
    Verdict verdict =
        Report.write(List.of(recording("a1"), recording("b2"), recording("a2")), html);
    assertEquals(300, verdict.writes());
    PageText page = PageText.of(html);
    List<JsonObject> jvms = page.all("jvms");
    assertEquals(2, jvms.size());
    Set<String> processes = new HashSet<>();
    for (JsonObject jvm : jvms) {
      processes.add(jvm.get("label").getAsString());
      assertEquals(150, jvm.getAsJsonObject("verdict").get("writes").getAsInt());
      assertTrue(jvm.get("version").getAsString().contains("VM"), jvm.get("version").toString());
    }
    assertEquals(2, processes.size(), processes.toString());
    assertTrue(
        jvms.get(0).get("label").getAsString().startsWith("2 recordings (process "),
        processes.toString());
    assertEquals(2, jvms.get(0).getAsJsonArray("recordings").size(), "both dumps had new chunks");
    List<JsonObject> files = page.all("files");
    assertEquals(2, files.size(), files.toString());
    assertNotEquals(files.get(0).get("jvm"), files.get(1).get("jvm"));
    for (JsonObject option : page.all("options")) {
      assertEquals(2, option.getAsJsonArray("values").size(), option.toString());
    }
  }
}
