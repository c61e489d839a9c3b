package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.FlightRecording;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with names that the locale cannot encode, or that have several lines. */
@Tag("host")
class OddNamesIT {
  private static final String DIRECTORY = "d\u00e4ten-\u65e5\u672c";
  private static final String FILE = "caf\u00e9";
  private static final String TWO_LINES = "two\nlines\u001b[31m";

  private final Scratch scratch = Scratch.onDisk();
  private Path data;
  private FlightRecording recording;

  @BeforeEach
  void prepare() throws IOException {
    Need.that(
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(DIRECTORY),
        "the tests' own locale cannot name such a file");
    data = scratch.newDirectory(DIRECTORY);
    Need.directWrites(data);
    recording = new FlightRecording(scratch.directory());
  }

  @AfterEach
  void close() {
    scratch.close();
  }

  /** How the tag is given. */
  private AgentJvm tagged(String how, String options) {
    String tag = data + "/**";
    AgentJvm jvm = AgentJvm.of(OddNamesApp.class);
    return switch (how) {
      case "agent" -> jvm.agent("tag=" + tag + options);
      case "property" -> jvm.agent("log=info" + options).jvm("-Ddio.tag=" + tag);
      default -> jvm.agent("log=info" + options).environment("DIO_TAG", tag);
    };
  }

  private JvmResult write(AgentJvm jvm, String locale) {
    return jvm.jvm(recording.jvmArguments())
        .environment("LC_ALL", locale)
        .under("sh", "-c", "cd \"$0\" && exec \"$@\"", scratch.directory().toString())
        .run()
        .expectExit(0);
  }

  private Set<String> pathsOf(String event) throws IOException {
    Recorded recorded = recording.read();
    List<RecordedEvent> events = recorded.events(event);
    return events.stream().map(one -> one.getString("path")).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "property", "environment"})
  void tagsMatchInTheLocaleC(String how) throws IOException {
    Files.createFile(data.resolve(FILE));
    JvmResult result = write(tagged(how, ""), "C");
    assertEquals(Set.of(data.resolve(FILE).toString()), pathsOf("Write"), result::toString);
    assertFalse(result.err().contains("symbolic link"), result::toString);
  }

  @Test
  void writesThatReturnBeforeAreSeenByTheNameToo() throws IOException {
    Files.createFile(data.resolve(FILE));
    JvmResult result = write(tagged("agent", ",write=pipelined"), "POSIX");
    assertEquals(Set.of(data.resolve(FILE).toString()), pathsOf("Write"), result::toString);
  }

  @Test
  void faultsMatchInTheLocaleC() throws IOException {
    Files.createFile(data.resolve(FILE));
    JvmResult result = write(tagged("agent", ",fault=delay:for=1ms"), "C");
    assertTrue(!pathsOf("FaultInjected").isEmpty(), result::toString);
    assertFalse(result.err().contains("defect"), result::toString);
  }

  /** And a name with a newline makes no second line in the log. */
  @Test
  void aNameOfTwoLinesIsLoggedOnOne() throws IOException {
    Files.createFile(data.resolve(TWO_LINES));
    JvmResult result = write(tagged("agent", ",log=debug"), "C.UTF-8");
    assertEquals(Set.of(data.resolve(TWO_LINES).toString()), pathsOf("Write"));
    List<String> tagged = result.errLines().stream().filter(line -> line.contains("/two")).toList();
    assertFalse(tagged.isEmpty(), result::toString);
    for (String line : tagged) {
      assertTrue(line.contains("two\\nlines\\u001b[31m"), line);
    }
    assertTrue(
        result.errLines().stream().allMatch(line -> line.startsWith("[dio-agent] ")),
        result::toString);
  }

  @Test
  void probeNamesItOnOneLine() {
    JvmResult result =
        AgentJvm.ofAgentCommand("probe", data.toString())
            .environment("LC_ALL", "C.UTF-8")
            .run()
            .expectExit(0);
    assertTrue(result.out().contains(data + ": direct"), result::toString);
    JvmResult missing =
        AgentJvm.ofAgentCommand("probe", data + "/none\nhere")
            .environment("LC_ALL", "C.UTF-8")
            .run()
            .expectExit(1);
    assertEquals(2, missing.outLines().size(), missing::toString);
  }
}
