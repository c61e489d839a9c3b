package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lost completion and a submission that does not return are reported, and bounded in time. */
@Tag("one-jdk")
class LostCompletionIT {
  private static final int DEADLINE_MILLIS = 1000;

  /** On top of the deadline, until the application has its exception: more is a hang. */
  private static final int SLACK_MILLIS = 60_000;

  private static final int LENGTH = 16_384;
  private static final int OFFSET = 65_536;
  private static final Pattern FAILED =
      Pattern.compile(
          "(\\S+): write of (\\d+) bytes at (\\d+) of (\\S+) has not ended after (\\d+) ms, "
              + "deadline (\\d+) ms: .*, after (\\d+) ms");

  private Scratch scratch;
  private Path tagged;
  private FlightRecording recording;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
    tagged = scratch.newDirectory("tagged");
    recording = new FlightRecording(scratch.directory());
    boolean direct = false;
    try {
      Need.directWrites(tagged);
      direct = true;
    } finally {
      if (!direct) {
        scratch.close();
      }
    }
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  /** On the device and not in the page cache, without a fault having a chance. */
  private void writeContent() {
    String[] command = {
      "dd", "if=/dev/zero", "of=" + file(), "bs=1M", "count=1", "oflag=direct", "conv=fsync"
    };
    try {
      Process dd = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(dd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, dd.waitFor(), said);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  private Scripted start(String fault, String more) {
    writeContent();
    String where = ":path=" + file() + ":offset=" + OFFSET + "-" + (OFFSET + LENGTH);
    String options =
        "tag=" + tagged + "/**,deadline=" + DEADLINE_MILLIS + "ms,fault=" + fault + where + more;
    Scripted app = Scripted.start(Scripted.jvm().agent(options).jvm(recording.jvmArguments()));
    app.run("open a " + file() + " CREATE,READ,WRITE");
    app.run("open other " + tagged.resolve("other") + " CREATE,READ,WRITE");
    app.run("open untagged " + scratch.resolve("untagged") + " CREATE,READ,WRITE");
    assertEquals(OFFSET + ", at " + OFFSET + " of 1048576", app.run("position a " + OFFSET));
    return app;
  }

  private Path file() {
    return tagged.resolve("file");
  }

  /** A submission is tried without waiting first, which counts, and is where it may block then. */
  @ParameterizedTest
  @CsvSource({
    "lose:count=1, write a 16384",
    "lose:count=1, writeAt a 16384 65536",
    "lose:count=1, 'gather a 4096,0,8192,4096'",
    "lose:count=1, writeAt a 20000 61500",
    "submit-block:for=2500ms:count=2, write a 16384",
    "submit-block:for=2500ms:count=2, writeAt a 16384 65536",
    "late:for=2500ms:count=1, write a 16384",
  })
  void applicationIsReleased(String fault, String command) throws IOException {
    try (Scripted app = start(fault, "")) {
      assertEquals("started", app.run("start " + command));
      assertOthersAreServed(app);
      Failure failure = Failure.of(app.run("wait"));
      assertEquals(file().toString(), failure.path);
      String[] words = command.split(" ", -1);
      boolean unaligned = words[2].equals("20000");
      assertEquals(unaligned ? 20_000 : LENGTH, failure.lengthBytes);
      assertEquals(unaligned ? 61_500 : OFFSET, failure.offset);
      assertEquals(DEADLINE_MILLIS, failure.deadlineMillis);
      assertTrue(failure.ageMillis >= DEADLINE_MILLIS, failure.text);
      assertTrue(failure.tookMillis <= DEADLINE_MILLIS + SLACK_MILLIS, failure.text);

      // The file goes on being served, and closing it does not hang.
      assertTrue(app.run("writeAt a 16384 0").startsWith("16384,"));
      assertTrue(app.run("writeAt a 5000 100").startsWith("5000,"));
      assertEquals("forced", app.run("force a").split(",", -1)[0]);
      assertEquals("closed", app.run("close a"));
      assertReported(app, fault);
    }
  }

  private void assertReported(Scripted app, String fault) throws IOException {
    boolean late = fault.contains("for=2500ms");
    if (late) {
      sleepSeconds(3);
    }
    app.quit();
    Recorded recorded = recording.read();
    List<RecordedEvent> lost = recorded.events("LostCompletion");
    assertEquals(1, lost.size(), recorded.toString());
    RecordedEvent event = lost.get(0);
    assertEquals(file().toString(), event.getString("path"));
    assertEquals(DEADLINE_MILLIS * 1_000_000L, event.getLong("deadlineNanos"));
    assertTrue(event.getLong("ageNanos") >= DEADLINE_MILLIS * 1_000_000L, event.toString());
    String stack = event.getString("submitterStack");
    assertTrue(stack.contains("ScriptedApp.run("), stack);
    assertTrue(stack.contains("sun.nio.ch.FileChannelImpl.write("), stack);
    assertEquals("started", event.getString("submitter"));
    assertTrue(recorded.count("FaultInjected") > 0, recorded.toString());
    assertEquals(0, recorded.count("DuplicateCompletion"), recorded.toString());
    assertEquals(0, recorded.count("UnknownCompletion"), recorded.toString());

    List<RecordedEvent> ended = recorded.events("LateCompletion");
    assertEquals(late ? 1 : 0, ended.size(), recorded.toString());
    if (late) {
      assertEquals(event.getLong("requestId"), ended.get(0).getLong("requestId"));
    }
  }

  /**
   * The loss is reported, and the caller goes on waiting: here until the late completion arrives.
   */
  @Test
  void applicationWaitsWhenAskedTo() throws IOException {
    try (Scripted app = start("late:for=2500ms:count=1", ",on-lost=report")) {
      app.run("start write a 16384");
      assertOthersAreServed(app);
      sleepSeconds(2);
      assertEquals("false", app.run("done"));
      String answer = app.run("wait");
      assertTrue(answer.startsWith("16384, at 81920 of 1048576, after "), answer);
      app.quit();
      Recorded recorded = recording.read();
      assertEquals(1, recorded.count("LostCompletion"), recorded.toString());
      assertEquals(1, recorded.count("LateCompletion"), recorded.toString());
    }
  }

  /** A completion that never comes is waited for without end, and the JVM can end all the same. */
  @Test
  void applicationWaitsForEver() throws IOException {
    try (Scripted app = start("lose:count=1", ",on-lost=report")) {
      app.run("start write a 16384");
      assertOthersAreServed(app);
      sleepSeconds(3);
      assertEquals("false", app.run("done"));
      app.quit();
      Recorded recorded = recording.read();
      assertEquals(1, recorded.count("LostCompletion"), recorded.toString());
      assertEquals(0, recorded.count("LateCompletion"), recorded.toString());
    }
  }

  /** While the write is out: one that waited for it would find it released. */
  private static void assertOthersAreServed(Scripted app) {
    int rounds = 0;
    do {
      for (String name : new String[] {"other", "untagged"}) {
        String answer = app.run("write " + name + " 20000");
        assertTrue(answer.startsWith("20000,"), answer);
      }
      rounds++;
    } while (rounds < 10 && app.run("done").equals("false"));
    assertTrue(rounds > 1, "no other write ended before the lost one was released");
  }

  private static void sleepSeconds(int seconds) {
    try {
      Thread.sleep(seconds * 1000L);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the result that the application got. */
  private record Failure(
      String text,
      long lengthBytes,
      long offset,
      String path,
      long ageMillis,
      long deadlineMillis,
      long tookMillis) {

    static Failure of(String answer) {
      Matcher matcher = FAILED.matcher(answer);
      assertTrue(matcher.matches(), answer);
      assertTrue(
          matcher.group(1).endsWith("IOException")
              || matcher.group(1).endsWith("DirectIoException"),
          answer);
      return new Failure(
          answer,
          Long.parseLong(matcher.group(2)),
          Long.parseLong(matcher.group(3)),
          matcher.group(4),
          Long.parseLong(matcher.group(5)),
          Long.parseLong(matcher.group(6)),
          Long.parseLong(matcher.group(7)));
    }
  }
}
