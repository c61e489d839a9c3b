package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the page as a reader sees it. The pictures stay in target/report. */
@Timeout(180)
class PageInBrowserTest {
  /** A page has to open within this time, also on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Path PICTURES =
      Path.of(System.getProperty("basedir", ""), "target", "report");

  private static TestDirectory directory;
  private static Chromium browser;
  private static Path faulty;

  @BeforeAll
  static void start() throws Exception {
    browser = Chromium.start();
    directory = new TestDirectory();
    // A path that would end the script of a careless page, and add a picture.
    Path file = directory.file("</script><img src=x onerror=alert(1)>.db");
    Path recording =
        Activity.record(
            directory.file("faulty.jfr"),
            events -> {
              Activity.healthy(directory.file("healthy.db"), 400, events);
              Activity.faulty(file, events);
            });
    faulty = directory.file("faulty.html");
    Report.read(List.of(recording), RulesTest.rules(directory)).writeHtml(faulty);
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
    if (directory != null) {
      directory.close();
    }
  }

  private static void assertNoComplaints() throws Exception {
    // After this call all earlier messages of the page have arrived.
    browser.evaluate("1");
    assertEquals(List.of(), browser.complaints());
    assertEquals(1, browser.requests().size(), browser.requests().toString());
  }

  private static void assertFitsTheScreen() throws Exception {
    assertEquals(
        browser.evaluate("document.documentElement.clientWidth").getAsInt(),
        browser.evaluate("document.documentElement.scrollWidth").getAsInt(),
        "no scrolling sideways");
  }

  /** Returns the titles of charts that are too small, or have too few colours. */
  private static List<String> blankCharts() throws Exception {
    return Chromium.texts(
        browser.evaluate(
            "[...document.querySelectorAll('figure')].filter(figure => {"
                + "  const canvas = figure.querySelector('canvas');"
                + "  const pixels = new Uint32Array(canvas.getContext('2d')"
                + "    .getImageData(0, 0, canvas.width, canvas.height).data.buffer);"
                + "  return canvas.width < 100 || new Set(pixels).size < 5;"
                + "}).map(figure => figure.querySelector('figcaption').textContent)"));
  }

  @ParameterizedTest
  @CsvSource({"1280,false", "1280,true", "390,false", "390,true"})
  void allOfItIsShown(int width, boolean dark) throws Exception {
    browser.screen(width, 900, width < 500, dark);
    browser.open(faulty);
    browser.screenshot(PICTURES.resolve(width + (dark ? "-dark" : "-light") + ".png"));
    assertNoComplaints();
    assertFitsTheScreen();
    assertEquals(
        List.of(
            "Verdict",
            "What went wrong",
            "Rules of JDK Mission Control",
            "Over time",
            "Files",
            "Why bytes went through the page cache",
            "Configuration"),
        Chromium.texts(
            browser.evaluate("[...document.querySelectorAll('h2')].map(h => h.textContent)")));
    assertEquals(5, browser.evaluate("document.querySelectorAll('canvas').length").getAsInt());
    assertEquals(List.of(), blankCharts());
    assertEquals(
        dark,
        browser
                .evaluate(
                    "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)"
                        + ".reduce((sum, part) => sum + Number(part), 0)")
                .getAsInt()
            < 3 * 128,
        "dark");
  }

  /** The charts follow a change of the colour scheme. */
  @Test
  void chartsFollowTheScheme() throws Exception {
    browser.screen(1280, 900, false, false);
    browser.open(faulty);
    String light = chartPicture();
    browser.screen(1280, 900, false, true);
    browser.evaluate("new Promise(done => setTimeout(() => done(1), 200))");
    String dark = chartPicture();
    assertFalse(light.equals(dark), "drawn anew");
    browser.screen(1280, 900, false, false);
    browser.evaluate("new Promise(done => setTimeout(() => done(1), 200))");
    assertEquals(light, chartPicture());
  }

  private static String chartPicture() throws Exception {
    return browser.evaluate("document.querySelector('#charts canvas').toDataURL()").getAsString();
  }

  /** The charts follow a change of the width. */
  @Test
  void chartsFollowTheWidth() throws Exception {
    browser.screen(1280, 900, false, false);
    browser.open(faulty);
    browser.screen(390, 900, false, false);
    browser.evaluate("new Promise(done => setTimeout(() => done(1), 300))");
    assertFitsTheScreen();
    assertEquals(List.of(), blankCharts());
  }

  @Test
  void keyboardSorts() throws Exception {
    browser.screen(1280, 900, false, false);
    browser.open(faulty);
    pressTabUntil("document.activeElement.matches('#files th button')");
    assertTrue(
        browser
            .evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
            .getAsBoolean(),
        "focus is visible");
    String sort = "document.activeElement.closest('th').getAttribute('aria-sort')";
    assertEquals("none", browser.evaluate(sort).getAsString());
    browser.press("Enter");
    assertEquals("ascending", browser.evaluate(sort).getAsString());
    String order =
        "[...document.querySelectorAll('#files tbody tr td:first-child')].map(td => td.textContent)";
    List<String> ascending = Chromium.texts(browser.evaluate(order));
    assertEquals(2, ascending.size(), ascending.toString());
    browser.press("Space");
    assertEquals("descending", browser.evaluate(sort).getAsString());
    List<String> descending = Chromium.texts(browser.evaluate(order));
    assertEquals(ascending, List.of(descending.get(1), descending.get(0)));
  }

  @Test
  void keyboardOpensABadEvent() throws Exception {
    browser.screen(1280, 900, false, false);
    browser.open(faulty);
    assertEquals(0, browser.evaluate("document.querySelectorAll('#bad pre').length").getAsInt());
    pressTabUntil("document.activeElement.matches('#bad summary')");
    browser.press("Enter");
    browser.evaluate("new Promise(done => requestAnimationFrame(() => done(1)))");
    String details =
        browser.evaluate("document.activeElement.parentElement.textContent").getAsString();
    for (String part :
        List.of(
            "Lost",
            "</script><img src=x onerror=alert(1)>.db",
            "4,096 bytes",
            "Request id",
            "Deadline400 ms",
            "injected on purpose",
            "lose:offset=0-4k:count=1",
            "io.dioagent.jmc.report.Activity.faulty(Activity.java")) {
      assertTrue(details.contains(part), part + " in " + details);
    }
    browser.screenshot(PICTURES.resolve("open-event.png"));
    assertNoComplaints();
    assertFitsTheScreen();
  }

  private static void pressTabUntil(String condition) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (browser.evaluate(condition).getAsBoolean()) {
        return;
      }
      browser.press("Tab");
    }
    throw new AssertionError("a hundred tabs do not reach " + condition);
  }

  @Test
  void eventsAreFiltered() throws Exception {
    browser.screen(1280, 900, false, false);
    browser.open(faulty);
    String kinds =
        "[...document.querySelectorAll('#bad .events .kind')].map(kind => kind.textContent)";
    List<String> all = Chromium.texts(browser.evaluate(kinds));
    assertEquals(2, all.stream().filter("Lost"::equals).count(), all.toString());
    assertTrue(all.contains("Error EIO"), all.toString());
    browser.evaluate("document.querySelector('#bad .filter').click()");
    List<String> rest = Chromium.texts(browser.evaluate(kinds));
    assertFalse(rest.contains("Lost"), rest.toString());
    assertEquals(all.size() - 2, rest.size());
    browser.evaluate("[...document.querySelectorAll('#bad .filter')].at(-1).click()");
    assertEquals(List.of("Unknown"), Chromium.texts(browser.evaluate(kinds)), "not injected");
  }

  /** Tests hostile text in each place of a recording that the page shows. */
  @Test
  void hostileTextStaysText() throws Exception {
    String hostile =
        "</script></style><img src=x onerror=alert(1)><!--\"'`&lt;&amp; \n\u2028\u2029\u202egpj.\u0000\ud800";
    Path recording =
        Activity.record(directory.file("hostile.jfr"), events -> recordHostile(hostile, events));
    Path html = directory.file("hostile.html");
    Report report = Report.read(List.of(recording), RulesTest.rules(directory));
    report.writeHtml(html);
    assertTrue(report.json().contains("\"errors\": 1"), report.json());
    browser.screen(390, 900, true, false);
    browser.open(html);
    browser.screenshot(PICTURES.resolve("hostile.png"));
    browser.evaluate("document.querySelectorAll('summary').forEach(summary => summary.click())");
    browser.evaluate("new Promise(done => setTimeout(() => done(1), 100))");
    browser.screenshot(PICTURES.resolve("hostile-open.png"));
    assertNoComplaints();
    assertFitsTheScreen();
    assertEquals(0, browser.evaluate("document.images.length").getAsInt());
    assertEquals(3, browser.evaluate("document.scripts.length").getAsInt());
    assertEquals(1, browser.evaluate("document.querySelectorAll('style').length").getAsInt());
    String text = browser.evaluate("document.body.innerText").getAsString();
    String visible = VisibleText.line(hostile);
    assertTrue(visible.contains("</script></style><img src=x onerror=alert(1)>"), visible);
    for (String place : List.of("path ", "reason ", "thread ", "key ", "value ", "source ")) {
      assertTrue(text.contains(place + visible), place + " in " + text);
    }
    assertFalse(text.contains("\u202e"), "nothing turns the page around");
  }

  private static void recordHostile(String hostile, EventSink events) {
    events.configurationFrom(
        () -> List.of(new Setting("key " + hostile, "value " + hostile, "source " + hostile)));
    RequestInfo request = new RequestInfo(7, "path " + hostile, 1L << 62, 4096);
    Activity.write(events, request, 4096);
    events.taggedFile(request.path(), false, 0, 0, "reason " + hostile);
    events.bufferedFallback(request, 1, "reason " + hostile, Thread.currentThread());
    Thread named = new Thread(() -> {}, "thread " + hostile);
    events.completionError(request, 1000, -5, "reason " + hostile, named);
    events.lostCompletion(request, 1000, 10, "reason " + hostile, true, named);
    events.faultInjected(request, "lose:path=" + hostile);
    events.statisticsFrom(null);
  }

  /** Two JVMs, one after the other with a pause: columns, and a time axis that both begin at 0. */
  @ParameterizedTest
  @CsvSource({"1280", "390"})
  void severalJvmsAreSideBySide(int width) throws Exception {
    Path first =
        Activity.record(
            directory.file("before the change, with a name that is long " + width + ".jfr"),
            events -> {
              Activity.healthy(directory.file("a.db"), 100, events);
              events.unknownCompletion(5, 4096);
            });
    Thread.sleep(2000);
    Path second =
        Activity.record(
            directory.file("after it " + width + ".jfr"),
            events -> Activity.healthy(directory.file("a.db"), 100, events));
    Path html = directory.file("two.html");
    Report.read(List.of(first, second), RulesTest.rules(directory)).writeHtml(html);
    assertTrue(
        PageText.of(html).data().getAsJsonObject("axis").get("relative").getAsBoolean(), "from 0");
    browser.screen(width, 900, width < 500, false);
    browser.open(html);
    browser.screenshot(PICTURES.resolve("two-" + width + ".png"));
    assertNoComplaints();
    assertFitsTheScreen();
    assertEquals(List.of(), blankCharts());
    assertEquals(
        List.of(first.toString(), second.toString()),
        Chromium.texts(
            browser.evaluate(
                "[...document.querySelectorAll('#verdict thead th')].map(th => th.textContent)")));
    assertEquals(
        List.of("1", "0"),
        Chromium.texts(
            browser.evaluate(
                "[...[...document.querySelectorAll('#verdict tbody tr')]"
                    + ".find(row => row.firstChild.textContent === 'Unknown')"
                    + ".querySelectorAll('td')].map(td => td.textContent)")));
  }

  /** The recording has a hundred thousand writes to a thousand files, thousands of them failed. */
  @Test
  void largeRecordingsOpenWithinSeconds() throws Exception {
    Path recording = Activity.record(directory.file("large.jfr"), PageInBrowserTest::recordMany);
    Path html = directory.file("large.html");
    System.gc();
    long begin = System.nanoTime();
    Report.write(List.of(recording), html);
    Duration written = Duration.ofNanos(System.nanoTime() - begin);
    PageText page = PageText.of(html);
    browser.screen(1280, 900, false, false);
    begin = System.nanoTime();
    browser.open(html);
    Duration opened = Duration.ofNanos(System.nanoTime() - begin);
    browser.screenshot(PICTURES.resolve("large.png"));
    System.out.printf(
        "100,000 events: recording %,d bytes, report made in %d ms, page %,d bytes, opened in %d ms%n",
        Files.size(recording), written.toMillis(), Files.size(html), opened.toMillis());
    assertNoComplaints();
    assertEquals(List.of(), blankCharts());
    assertTrue(opened.compareTo(PATIENCE) < 0, opened.toString());
    assertTrue(Files.size(html) < 2_000_000, Files.size(html) + " bytes");
    JsonObject jvm = page.all("jvms").get(0);
    assertEquals(100_000, jvm.getAsJsonObject("verdict").get("writes").getAsInt());
    assertEquals(5_000, jvm.getAsJsonObject("verdict").get("errors").getAsInt());
    assertEquals(1_000, page.bad(BadKind.ERROR).size(), "the first ones");
    assertEquals("10", page.bad(BadKind.ERROR).get(0).get("requestId").getAsString());
    assertEquals("10000", page.bad(BadKind.ERROR).get(999).get("requestId").getAsString());
    assertEquals(500, page.all("files").size());
    assertEquals(1_000, page.data().get("filesInAll").getAsInt());
    assertTrue(
        browser
            .evaluate("document.body.textContent")
            .getAsString()
            .contains("Listed are the first 1,000"),
        "says that it is cut");
    String rows = "document.querySelectorAll('#bad .events > li').length";
    int before = browser.evaluate(rows).getAsInt();
    assertTrue(before < 100, before + " made at once");
    browser.evaluate("document.querySelector('#bad .more').click()");
    assertTrue(browser.evaluate(rows).getAsInt() > before, "more on request");
  }

  private static void recordMany(EventSink events) {
    for (int i = 1; i <= 100_000; i++) {
      RequestInfo request = new RequestInfo(i, "/data/dir/file-" + i % 1000, i * 4096L, 4096);
      boolean fails = i % 10 == 0 && i <= 50_000;
      Activity.write(events, request, fails ? -5 : 4096);
      if (fails) {
        events.completionError(request, 1000, -5, "0 of 4096 written", Thread.currentThread());
      }
    }
  }
}
