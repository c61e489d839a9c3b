package io.dioagent.agent.contract.random;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.FlightRecording;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One JVM with the agent, whose application does random operations in a directory. */
final class FuzzRun {
  /** Above the file that is transferred from, and often in the way of the one that is written. */
  static final String[] FILE_SIZE_LIMIT = {"prlimit", "--fsize=" + (5 << 20)};

  private static final Duration STARTING = Duration.ofMinutes(4);
  private static final Duration LONGEST_OPERATION = Duration.ofMillis(60);

  /** As the agent says it: that something happened which no rule of its own foresees. */
  private static final String[] DEFECTS = {"defect", "unexpected", "watchdog"};

  private final Class<?> application;
  private final Path directory;
  private final int operations;
  private final long seed;
  private final FlightRecording recording;
  private Path agent = AgentJvm.agentJar();
  private String options = "";
  private String[] under = {};
  private String sabotage;

  FuzzRun(Class<?> application, Scratch scratch, int operations, long seed) throws IOException {
    this.application = application;
    directory = scratch.resolve("fuzz");
    this.operations = operations;
    this.seed = seed;
    recording = new FlightRecording(scratch.directory());
  }

  /** Adds options for the agent, if there are any. */
  FuzzRun options(String more) {
    if (!more.isEmpty()) {
      options += "," + more;
    }
    return this;
  }

  FuzzRun agent(Path jar) {
    agent = jar;
    return this;
  }

  FuzzRun under(String... command) {
    under = command;
    return this;
  }

  FuzzRun sabotage(String kind) {
    sabotage = kind;
    return this;
  }

  /** Runs it to its end, unrecorded. */
  JvmResult run() {
    return jvm().run();
  }

  private AgentJvm jvm() {
    String[] arguments = {
      "directory=" + directory,
      "operations=" + operations,
      "seed=" + seed,
      sabotage == null ? "log=last" : "sabotage=" + sabotage
    };
    return AgentJvm.of(application, arguments)
        .writingByDefault() // The command that is printed has no environment.
        .agent(agent, "tag=" + directory + "/tagged/**" + options)
        .timeout(STARTING.plus(LONGEST_OPERATION.multipliedBy(operations)))
        .under(under);
  }

  /** Runs it, recorded. */
  Recorded expectNoDifference() throws IOException {
    JvmResult result = jvm().jvm(recording.jvmArguments()).run().expectExit(0);
    System.out.print(result.out());
    assertTrue(foundNone(result), result::toString);
    for (String defect : DEFECTS) {
      assertFalse(result.err().contains(defect), result::toString);
    }
    Recorded recorded = recording.read();
    System.out.println(recorded);
    return recorded;
  }

  /** Runs it, and returns its output on the difference that it must find. */
  String expectDifference() {
    return difference()
        .orElseThrow(() -> new AssertionError("no difference in " + operations + " operations"));
  }

  /** The difference that it finds, if it does. */
  Optional<String> difference() {
    JvmResult result = run();
    if (foundNone(result)) {
      return Optional.empty();
    }
    result.expectExit(1);
    assertTrue(result.out().contains("again, in "), result::toString);
    return Optional.of(lineOf(result, "DIFFERENCE"));
  }

  private boolean foundNone(JvmResult result) {
    return result.out().contains("no difference in " + operations + " operations");
  }

  /** The first line that begins so. */
  static String lineOf(JvmResult result, String start) {
    return result.outLines().stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line \"" + start + "\"\n" + result));
  }
}
