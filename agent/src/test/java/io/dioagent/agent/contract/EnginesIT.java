package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.apps.WaysToWriteApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each engine writes by its own system call, past the page cache, and reports its name. */
@Tag("one-jdk")
class EnginesIT {
  private static final String CALLS =
      "openat,close,fcntl,io_setup,io_submit,io_uring_setup,io_uring_enter,pwritev2";

  /** Matches calls that return a descriptor's number, which may have been another file's before. */
  private static final Pattern OPENED =
      Pattern.compile("(openat\\(.*|fcntl\\(.*F_DUPFD.*) = (\\d+)<");

  private static final Pattern CLOSED = Pattern.compile(" close\\((\\d+)<");

  /** Matches a call that another thread's call interrupted in the log: its thread, its begin. */
  private static final Pattern UNFINISHED =
      Pattern.compile("^(\\d+) +(.*) <unfinished \\.\\.\\.>$");

  /** Matches the rest of such a call. */
  private static final Pattern RESUMED = Pattern.compile("^(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)$");

  private final Scratch scratch = Scratch.onDisk();
  private Path data;
  private Path log;
  private FlightRecording recording;

  @BeforeEach
  void prepare() throws IOException {
    data = scratch.newDirectory("data");
    log = scratch.resolve("strace");
    recording = new FlightRecording(scratch.directory());
    Need.directWrites(data);
  }

  @AfterEach
  void close() {
    scratch.close();
  }

  /** Runs an application that writes in all ways, and checks its own writes. */
  private JvmResult write(String options, String... injections) {
    return AgentJvm.of(WaysToWriteApp.class, data.toString())
        .agent("log=info,tag=" + data + "/**" + options)
        .jvm(recording.jvmArguments())
        .under(Strace.tracing(log, CALLS, injections))
        .run()
        .expectExit(0);
  }

  private boolean called(String regex) throws IOException {
    return Files.readAllLines(log).stream().anyMatch(Pattern.compile(regex).asPredicate());
  }

  /**
   * Asserts whether a call was made on a descriptor that was open with O_DIRECT at that time.
   *
   * @param call as a regular expression that ends before the descriptor
   */
  private void assertOnDirect(boolean expected, String call) throws IOException {
    String first = firstOnDirect(call);
    assertEquals(expected, first != null, call + " on O_DIRECT: " + first);
  }

  /** Returns the line of the first such call; null for none. */
  private String firstOnDirect(String call) throws IOException {
    Pattern onDescriptor = Pattern.compile(call + "(\\d+)<");
    Set<String> direct = new HashSet<>();
    Map<String, String> unfinished = new HashMap<>();
    for (String line : Files.readAllLines(log)) {
      Matcher begun = UNFINISHED.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      String whole = line;
      if (begun.find()) {
        unfinished.put(begun.group(1), begun.group(2));
      } else if (resumed.find()) {
        whole = unfinished.remove(resumed.group(1)) + resumed.group(2);
      }
      Matcher opened = OPENED.matcher(whole);
      Matcher closed = CLOSED.matcher(line);
      Matcher called = onDescriptor.matcher(line);
      if (opened.find()) {
        direct.remove(opened.group(2));
        if (whole.contains("O_DIRECT")) {
          direct.add(opened.group(2));
        }
      } else if (closed.find()) {
        direct.remove(closed.group(1));
      } else if (called.find() && direct.contains(called.group(1))) {
        return line;
      }
    }
    return null;
  }

  private static String inUse(Recorded recorded) {
    List<String> rows =
        recorded.events("AgentConfiguration").stream()
            .filter(row -> row.getString("key").equals("engine in use"))
            .map(row -> row.getString("value") + ": " + row.getString("source"))
            .distinct()
            .toList();
    assertEquals(1, rows.size(), rows.toString());
    return rows.get(0);
  }

  private Recorded readDirect() throws IOException {
    Recorded recorded = recording.read();
    System.out.println(recorded);
    assertTrue(recorded.directBytes() >= 8 * 65536, recorded.toString());
    return recorded;
  }

  @ParameterizedTest
  @CsvSource({
    "aio, io_submit",
    "io_uring, io_uring_enter",
    "pwrite, pwritev2",
  })
  void itsOwnSystemCall(String engine, String call) throws IOException {
    JvmResult result = write(",engine=" + engine);
    assertTrue(result.err().contains("; engine " + engine + "\n"), result.toString());
    assertEquals(engine + ": first choice", inUse(readDirect()));
    assertOnDirect(call.equals("io_submit"), "io_submit\\(.*aio_fildes=");
    assertEquals(
        call.equals("io_uring_enter"), called("io_uring_enter\\(\\d+<[^>]*>, [1-9]"), "io_uring");
    assertOnDirect(call.equals("pwritev2"), "pwritev2\\(");
    assertFalse(!call.equals("io_submit") && called("io_setup\\("), "io_setup");
  }

  /** As in a container whose seccomp profile does not know AIO. */
  @Test
  void withoutAioItIsPwriteAndDirect() throws IOException {
    JvmResult result = write("", "io_setup:error=ENOSYS");
    String why = "io_setup(32) says ENOSYS: ";
    assertTrue(result.err().contains("; engine pwrite: " + why), result.toString());
    Recorded recorded = readDirect();
    assertTrue(inUse(recorded).startsWith("pwrite: " + why), inUse(recorded));
    assertOnDirect(true, "pwritev2\\(");
    assertFalse(called("io_submit|io_uring"));
  }

  @ParameterizedTest
  @CsvSource({
    "aio, io_setup:error=ENOSYS, io_setup(32) says ENOSYS: this kernel or",
    "aio, io_setup:error=EAGAIN, io_setup(32) says EAGAIN: fs.aio-max-nr is",
    "io_uring, io_uring_setup:error=EPERM, io_uring_setup(32) says EPERM: kernel.io_uring_disabled is",
    "io_uring, io_uring_enter:error=ENOSYS, io_uring_enter(32) says ENOSYS: kernel.io_uring_disabled",
    "pwrite, pwritev2:error=ENOSYS, pwritev2 says ENOSYS: this kernel is older than 4.6"
  })
  void oneThatWasAskedForHasToWork(String engine, String injection, String why) {
    JvmResult result =
        AgentJvm.of(HelloApp.class)
            .agent("engine=" + engine + ",tag=/data/**")
            .under(Strace.injecting(log, injection))
            .run()
            .expectExit(1);
    assertEquals("", result.out());
    assertEquals(1, result.errLines().size(), result.toString());
    String line = "[dio-agent] engine=" + engine + " does not work here: " + why;
    assertTrue(result.err().startsWith(line), result.toString());
  }

  /** And one that was not asked for has not. */
  @Test
  void withoutAnyItStarts() {
    JvmResult result =
        AgentJvm.of(HelloApp.class)
            .agent("tag=/data/**")
            .under(Strace.injecting(log, "io_setup:error=ENOSYS", "pwritev2:error=ENOSYS"))
            .run()
            .expectExit(0);
    assertEquals("main ran\n", result.out());
    assertTrue(result.err().startsWith("[dio-agent] io_setup(32) says ENOSYS"), result.toString());
  }
}
