package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks that the page has all bad events of a recording of the real runtime, with their details.
 */
@Timeout(120)
class ReportTest {
  private static TestDirectory directory;
  private static Path file;
  private static Path recording;
  private static Path html;
  private static Report report;
  private static PageText page;

  @BeforeAll
  static void make() throws Exception {
    directory = new TestDirectory();
    file = directory.file("data file.db");
    recording = directory.file("faulty.jfr");
    html = directory.file("report.html");
    Activity.record(recording, events -> Activity.faulty(file, events));
    report = Report.read(List.of(recording));
    report.writeHtml(html);
    page = PageText.of(html);
  }

  @AfterAll
  static void remove() {
    directory.close();
  }

  @Test
  void verdictCountsEach() {
    Verdict verdict = report.verdict();
    assertEquals(2, verdict.lost(), "the lost one, and the late one");
    assertEquals(1, verdict.late());
    assertEquals(1, verdict.duplicate());
    assertEquals(1, verdict.unknown());
    assertEquals(1, verdict.errors());
    assertEquals(0, verdict.failedForces());
    assertEquals(1, verdict.collisions());
    assertEquals(5, verdict.injected());
    assertTrue(verdict.writes() >= 61, verdict.toString());
    assertTrue(verdict.directBytes() > 0, verdict.toString());
    assertFalse(verdict.clean());
  }

  @Test
  void sentencesNameEachKind() {
    String words = String.join(" ", report.sentences());
    assertEquals("Not every request ended exactly once, without an error.", report.headline());
    assertTrue(words.contains("2 requests were lost"), words);
    assertTrue(words.contains("1 of them ended after all, late."), words);
    assertTrue(words.contains("1 completion came for an I/O that had ended already"), words);
    assertTrue(words.contains("1 completion came for a request that was never made"), words);
    assertTrue(words.contains("1 write or read ended with an error: 1 EIO."), words);
    assertTrue(words.contains("5 faults were injected on purpose"), words);
  }

  @Test
  void jsonHasTheVerdict() {
    JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
    assertFalse(json.get("clean").getAsBoolean());
    assertEquals(2, json.get("lost").getAsInt());
    assertEquals(1, json.get("late").getAsInt());
    assertEquals(1, json.get("duplicate").getAsInt());
    assertEquals(1, json.get("unknown").getAsInt());
    assertEquals(1, json.get("errors").getAsInt());
    assertEquals(report.verdict().fallbackShare(), json.get("fallbackShare").getAsDouble(), 1e-12);
    JsonObject jvm = json.getAsJsonArray("jvms").get(0).getAsJsonObject();
    assertEquals(2, jvm.get("lost").getAsInt());
    assertEquals(recording.toString(), jvm.getAsJsonArray("recordings").get(0).getAsString());
  }

  @Test
  void jsonHasFilesLatenciesRulesAndEvents() {
    JsonObject jvm =
        JsonParser.parseString(report.json())
            .getAsJsonObject()
            .getAsJsonArray("jvms")
            .get(0)
            .getAsJsonObject();
    JsonObject writes = jvm.getAsJsonObject("latencies").getAsJsonObject("write");
    assertTrue(writes.get("count").getAsLong() > 0, writes.toString());
    assertTrue(
        writes.get("maxNanos").getAsLong() >= writes.get("p99Nanos").getAsLong(),
        writes.toString());
    List<String> files = new ArrayList<>();
    for (JsonElement one : jvm.getAsJsonArray("files")) {
      files.add(one.getAsJsonObject().get("path").getAsString());
    }
    assertTrue(files.contains(file.toString()), files.toString());
    assertEquals(2, jvm.getAsJsonObject("eventCounts").get("LostCompletion").getAsInt());
    long lost = 0;
    for (JsonElement one : jvm.getAsJsonArray("events")) {
      JsonObject event = one.getAsJsonObject();
      assertTrue(event.getAsJsonPrimitive("atNanos").isNumber(), event.toString());
      if (event.get("event").getAsString().equals("LostCompletion")) {
        lost++;
        assertEquals(4096, event.get("length").getAsLong(), event.toString());
        assertTrue(event.getAsJsonPrimitive("requestId").isNumber(), event.toString());
        assertTrue(event.getAsJsonPrimitive("ageNanos").isNumber(), event.toString());
        assertTrue(event.getAsJsonArray("stack").size() > 0, event.toString());
      }
    }
    assertEquals(2, lost);
    JsonArray rules = jvm.getAsJsonArray("rules");
    assertEquals(page.all("rules").size(), rules.size());
    assertTrue(rules.get(0).getAsJsonObject().has("severity"), rules.toString());
    assertTrue(jvm.getAsJsonArray("options").size() > 0, jvm.toString());
  }

  @Test
  void eachBadEventIsListed() {
    for (BadKind kind :
        List.of(BadKind.LATE, BadKind.DUPLICATE, BadKind.ERROR, BadKind.COLLISION, BadKind.LOST)) {
      assertFalse(page.bad(kind).isEmpty(), kind + " is listed");
      for (JsonObject event : page.bad(kind)) {
        assertEquals(file.toString(), page.path(event), event.toString());
        assertEquals("4096", event.get("length").getAsString(), event.toString());
        assertTrue(Long.parseLong(event.get("requestId").getAsString()) > 0, event.toString());
        assertFalse(event.get("fault").isJsonNull(), "injected on purpose: " + event);
      }
    }
    assertEquals("16384", page.onlyBad(BadKind.DUPLICATE).get("offset").getAsString());
    JsonObject error = page.onlyBad(BadKind.ERROR);
    assertEquals("24576", error.get("offset").getAsString());
    assertEquals("EIO", error.get("error").getAsString());
    assertEquals("eio:offset=24k-28k:count=1", error.get("fault").getAsString());
    JsonObject unknown = page.onlyBad(BadKind.UNKNOWN);
    assertEquals("42", unknown.get("requestId").getAsString());
    assertEquals(-1, unknown.get("path").getAsInt());
    assertTrue(unknown.get("fault").isJsonNull(), "not injected");
  }

  @Test
  void lostRequestsHaveTheirCallersStack() {
    for (JsonObject lost : page.bad(BadKind.LOST)) {
      String stack = page.stack(lost);
      assertNotNull(stack, lost.toString());
      assertTrue(stack.contains("io.dioagent.jmc.report.Activity.faulty"), stack);
      assertEquals(Thread.currentThread().getName(), lost.get("thread").getAsString());
      assertEquals(400_000_000, lost.get("deadline").getAsLong());
      assertTrue(lost.get("age").getAsLong() >= 400_000_000, lost.toString());
    }
  }

  @Test
  void lateRequestHasTheStackOfItsLoss() {
    JsonObject late = page.onlyBad(BadKind.LATE);
    JsonObject lost =
        PageText.only(
            page.bad(BadKind.LOST), one -> one.get("requestId").equals(late.get("requestId")));
    assertEquals("8192", late.get("offset").getAsString());
    assertEquals(lost.get("stack"), late.get("stack"));
    assertTrue(late.get("stack").getAsInt() >= 0, late.toString());
    assertEquals(lost.get("thread"), late.get("thread"));
    assertFalse(late.get("delivered").getAsBoolean(), "its caller had received an error");
    assertTrue(late.get("age").getAsLong() >= 900_000_000, late.toString());
  }

  @Test
  void filesHaveTheirNumbers() {
    JsonObject row =
        PageText.only(page.all("files"), one -> page.path(one).equals(file.toString()));
    assertTrue(row.get("bad").getAsLong() >= 6, row.toString());
    assertEquals(report.verdict().directBytes(), row.get("directBytes").getAsLong());
    assertTrue(row.get("direct").getAsBoolean(), row.toString());
    assertTrue(row.get("max").getAsLong() >= row.get("p99").getAsLong(), row.toString());
    assertTrue(row.get("p99").getAsLong() > 0, row.toString());
  }

  @Test
  void chartsAddUp() {
    JsonObject jvm = page.all("jvms").get(0);
    double seconds = page.data().getAsJsonObject("axis").get("bucketSeconds").getAsDouble();
    double bytes = sum(jvm.getAsJsonArray("directRate")) * seconds;
    double expected = report.verdict().directBytes();
    assertEquals(expected, bytes, expected * 0.02);
    JsonObject writes = jvm.getAsJsonArray("operations").get(0).getAsJsonObject();
    assertEquals("write", writes.get("name").getAsString());
    assertEquals(
        writes.get("count").getAsDouble(), sum(writes.getAsJsonArray("classes")), "histogram");
    assertFalse(jvm.get("inFlight").isJsonNull(), "sampled");
    assertEquals(
        2, sum(jvm.getAsJsonObject("badByTime").getAsJsonArray("LOST")), "lost ones by time");
  }

  private static double sum(JsonArray numbers) {
    double sum = 0;
    for (JsonElement number : numbers) {
      sum += number.isJsonNull() ? 0 : number.getAsDouble();
    }
    return sum;
  }

  @Test
  void optionsAreListed() {
    JsonObject deadline =
        PageText.only(page.all("options"), one -> one.get("key").getAsString().equals("deadline"));
    assertEquals(
        "[[{\"value\":\"400ms\",\"source\":\"system property\"}]]",
        deadline.get("values").toString());
  }

  @Test
  void pageNeedsNoOtherFile() throws Exception {
    String html = Files.readString(ReportTest.html);
    assertTrue(html.contains("Copyright (c) 2022 Leon Sorokin"), "uPlot's licence");
    assertTrue(html.contains("default-src 'none'"), "a policy that forbids all requests");
    for (String external : List.of("src=", "<link", "@import", "url(", "onclick", "onload")) {
      assertFalse(withoutScripts(html).contains(external), external);
    }
    assertTrue(html.length() < 300_000, html.length() + " characters");
  }

  private static String withoutScripts(String html) {
    return html.replaceAll("(?s)<script>.*?</script>", "");
  }

  @Test
  void healthyRecordingIsClean() throws Exception {
    Path healthy = directory.file("healthy.jfr");
    Activity.record(healthy, events -> Activity.healthy(directory.file("healthy.db"), 100, events));
    Report clean = Report.read(List.of(healthy));
    assertTrue(clean.verdict().clean(), clean.verdict().toString());
    assertEquals("Every request ended exactly once, without an error.", clean.headline());
    assertEquals(100, clean.verdict().writes());
    assertEquals(90L * Activity.BLOCK, clean.verdict().directBytes());
    assertEquals(10_000, clean.verdict().bufferedBytes());
    String words = String.join(" ", clean.sentences());
    assertTrue(words.contains("2.6 % of the 379 kB written went through"), words);
    Path out = directory.file("healthy.html");
    clean.writeHtml(out);
    JsonObject fallback = PageText.of(out).all("fallbacks").get(0);
    assertEquals(10, fallback.get("parts").getAsInt());
    assertEquals(10_000, fallback.get("bytes").getAsInt());
    assertTrue(fallback.get("reason").getAsString().contains("4096"), fallback.toString());
  }
}
