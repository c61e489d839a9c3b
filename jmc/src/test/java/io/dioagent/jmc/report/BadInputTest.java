package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdk.jfr.Recording;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad input gives one line that names the defect, and changes nothing. */
@Timeout(120)
class BadInputTest {
  private static TestDirectory shared;
  private static byte[] good;

  private TestDirectory directory;
  private Path html;

  @BeforeAll
  static void record() throws Exception {
    shared = new TestDirectory();
    Path recording =
        Activity.record(
            shared.file("good.jfr"),
            events -> {
              for (int i = 1; i <= 1000; i++) {
                Activity.write(events, new RequestInfo(i, "/data/f", i * 4096L, 4096), 4096);
              }
            });
    good = Files.readAllBytes(recording);
  }

  @AfterAll
  static void remove() {
    shared.close();
  }

  @BeforeEach
  void before() throws IOException {
    directory = new TestDirectory();
    html = Files.writeString(directory.file("report.html"), "the page before");
  }

  @AfterEach
  void after() {
    directory.close();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(directory.file(name), content);
  }

  /** Checks that the message begins with the file, and that nothing has changed. */
  private void assertRefused(String expected, Path... recordings) throws IOException {
    List<String> names = directory.names();
    ReportException e =
        assertThrows(ReportException.class, () -> Report.write(List.of(recordings), html));
    Path last = recordings[recordings.length - 1];
    assertTrue(e.getMessage().startsWith(last + ": " + expected), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertEquals("the page before", Files.readString(html));
    assertEquals(names, directory.names(), "no file more");
  }

  @Test
  void goodRecordingIsAccepted() throws Exception {
    Verdict verdict = Report.write(List.of(file("a.jfr", good)), html);
    assertEquals(1000, verdict.writes());
    assertTrue(Files.readString(html).startsWith("<!doctype html>"), "replaced");
    assertEquals(List.of("a.jfr", "report.html"), directory.names());
  }

  @Test
  void missing() throws Exception {
    assertRefused("there is no such file", directory.file("none.jfr"));
  }

  @Test
  void directory() throws Exception {
    assertRefused("is a directory", Files.createDirectory(directory.file("d.jfr")));
  }

  @Test
  void empty() throws Exception {
    assertRefused("is empty", file("empty.jfr", new byte[0]));
  }

  @Test
  void foreign() throws Exception {
    assertRefused(
        "is not a JFR recording: it begins with 'PK",
        file("a.zip", new byte[] {'P', 'K', 3, 4, 5}));
    assertRefused(
        "is not a JFR recording",
        file("a.txt", "FLight of the\nbumblebee".getBytes(StandardCharsets.UTF_8)));
    assertRefused("is not a JFR recording", file("zeros.jfr", new byte[100_000]));
  }

  @Test
  void truncatedAnywhere() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      int length = 4 + random.nextInt(good.length - 4);
      Path cut = file("cut.jfr", Arrays.copyOf(good, length));
      assertRefused("is truncated: ", cut);
    }
    assertRefused("is truncated: ", file("cut.jfr", Arrays.copyOf(good, good.length - 1)));
    assertRefused("is truncated: ", file("cut.jfr", Arrays.copyOf(good, 67)));
  }

  @Test
  void bytesBehindTheLastChunk() throws Exception {
    byte[] more = Arrays.copyOf(good, good.length + 10);
    assertRefused("is damaged, or still being written", file("more.jfr", more));
  }

  @Test
  void notFinished() throws Exception {
    byte[] open = good.clone();
    Arrays.fill(open, 8, 16, (byte) 0);
    assertRefused("is not finished", file("open.jfr", open));
  }

  /** With any bytes damaged, either a report is made or one line names the defect. */
  @Test
  void damagedAnywhere() throws Exception {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      byte[] damaged = good.clone();
      int from = 68 + random.nextInt(damaged.length - 68 - 64);
      for (int at = from; at < from + 64; at++) {
        damaged[at] = (byte) random.nextInt();
      }
      Path recording = file("damaged.jfr", damaged);
      try {
        Report.write(List.of(recording), html);
      } catch (ReportException e) {
        refused++;
        assertTrue(e.getMessage().startsWith(recording + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(refused > 0, "some damage is noticed");
  }

  @Test
  void withoutEventsOfDioAgent() throws Exception {
    Path others = directory.file("others.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.JVMInformation");
      recording.start();
      recording.stop();
      recording.dump(others);
    }
    assertRefused("has no event of dio-agent", others);
    assertRefused("has no event of dio-agent", file("good.jfr", good), others);
  }

  @Test
  void oneOfSeveralIsBad() throws Exception {
    assertRefused("is empty", file("good.jfr", good), file("empty.jfr", new byte[0]));
  }

  @Test
  void aNameOfSeveralLinesIsOneLine() throws Exception {
    Path odd = directory.file("a\nb.jfr");
    ReportException e = assertThrows(ReportException.class, () -> Report.read(List.of(odd)));
    assertEquals(directory.file("a") + "\\nb.jfr: there is no such file", e.getMessage());
  }

  @Test
  void pageIsNotWrittenOverItsRecording() throws Exception {
    Path recording = file("good.jfr", good);
    Path link = Files.createSymbolicLink(directory.file("link.jfr"), recording);
    for (Path out : List.of(recording, link)) {
      ReportException e =
          assertThrows(ReportException.class, () -> Report.write(List.of(recording), out));
      assertTrue(e.getMessage().startsWith(out + ": is a recording"), e.getMessage());
    }
    assertEquals(good.length, Files.size(recording));
  }

  @Test
  void pageThatCannotBeWritten() throws Exception {
    Path recording = file("good.jfr", good);
    ReportException e =
        assertThrows(
            ReportException.class,
            () -> Report.write(List.of(recording), directory.file("none/page.html")));
    assertEquals(
        directory.file("none/page.html")
            + ": cannot be written: there is no directory "
            + directory.file("none"),
        e.getMessage());
    Path taken = Files.createDirectory(directory.file("d"));
    e = assertThrows(ReportException.class, () -> Report.write(List.of(recording), taken));
    assertEquals(taken + ": is a directory", e.getMessage());
    assertEquals(List.of("d", "good.jfr", "report.html"), directory.names());
  }

  /** A symbolic link to a page stays a link. */
  @Test
  void pageBehindALink() throws Exception {
    Path recording = file("good.jfr", good);
    Path link = Files.createSymbolicLink(directory.file("link.html"), html);
    Report.write(List.of(recording), link);
    assertTrue(Files.isSymbolicLink(link), "still a link");
    assertTrue(Files.readString(html).startsWith("<!doctype html>"), "written where it leads");
  }

  @Test
  void largerThanTheMemory() throws Exception {
    Path large =
        Activity.record(
            directory.file("large.jfr"),
            events -> {
              for (int i = 1; i <= 200_000; i++) {
                Activity.write(events, new RequestInfo(i, "/data/f" + i, i, 4096), 4096);
              }
            });
    RecordedProcess.Result result =
        RecordedProcess.run(List.of("-Xmx24m"), ReadMain.class, large.toString(), html.toString());
    assertTrue(result.output().contains("memory"), result.output());
    assertTrue(result.output().contains("start java with a larger -Xmx"), result.output());
    assertEquals(1, result.output().lines().count(), result.output());
    assertEquals(1, result.exitCode());
    assertEquals("the page before", Files.readString(html));
  }

  /** Arguments: a recording and a page. */
  static final class ReadMain {
    private ReadMain() {}

    public static void main(String[] arguments) {
      try {
        Verdict verdict = Report.write(List.of(Path.of(arguments[0])), Path.of(arguments[1]));
        System.out.println(verdict);
      } catch (ReportException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }
}
