package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Two JVMs that get the same commands, one with the agent and one without, each with its own
 * directory: {@code DIR} in a command, or {@code RELATIVE_DIR} from where they run. Their answers
 * must be the same. Used by one thread.
 */
final class ScriptedPair implements AutoCloseable {
  private final Path tagged;
  private final Path plain;
  private final FlightRecording recording;
  private final Scripted withAgent;
  private final Scripted without;
  private final List<String> answers = new ArrayList<>();

  private ScriptedPair(
      Scratch scratch, String agentOptions, boolean recorded, UnaryOperator<AgentJvm> both)
      throws IOException {
    tagged = open(scratch.newDirectory("tagged"));
    plain = open(scratch.newDirectory("plain"));
    recording = recorded ? new FlightRecording(open(scratch.newDirectory("recording"))) : null;
    without = Scripted.start(both.apply(Scripted.jvm()));
    boolean started = false;
    try {
      AgentJvm jvm = Scripted.jvm().agent(agentOptions.replace("DIR", tagged.toString()));
      String[] recordingArguments = recorded ? recording.jvmArguments() : new String[0];
      withAgent = Scripted.start(both.apply(jvm.jvm(recordingArguments)));
      started = true;
    } finally {
      if (!started) {
        without.close();
      }
    }
  }

  /**
   * Starts them.
   *
   * @param agentOptions the agent's options, with {@code DIR} for its directory
   * @param both further settings of both JVMs
   */
  static ScriptedPair start(Scratch scratch, String agentOptions, UnaryOperator<AgentJvm> both)
      throws IOException {
    return new ScriptedPair(scratch, agentOptions, true, both);
  }

  /** Starts them without a recording, of which they could not make one. */
  static ScriptedPair startUnrecorded(Scratch scratch, String agentOptions) throws IOException {
    return new ScriptedPair(scratch, agentOptions, false, jvm -> jvm);
  }

  /** For JVMs of other users. */
  private static Path open(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Runs a command in both, and returns their answer. */
  String both(String command) {
    String expected = without.run(in(plain, command));
    String actual = withAgent.run(in(tagged, command));
    answers.add(command + ": " + actual);
    assertEquals(anonymous(expected), anonymous(actual), this::toString);
    return actual;
  }

  private static String in(Path directory, String command) {
    String relative = Path.of("").toAbsolutePath().relativize(directory).toString();
    return command.replace("RELATIVE_DIR/", relative + "/").replace("DIR/", directory + "/");
  }

  private String anonymous(String answer) {
    return answer.replace(plain.toString(), "DIR").replace(tagged.toString(), "DIR");
  }

  /** Something done to a file of both, from outside. */
  void both(String name, FileAction action) throws IOException {
    for (Path directory : List.of(plain, tagged)) {
      action.on(directory.resolve(name));
    }
  }

  /** Done from outside. */
  interface FileAction {
    /** Does it to one file. */
    void on(Path file) throws IOException;
  }

  /** The process ids of both. */
  List<Long> pids() {
    return List.of(without.jvmRunning().pid(), withAgent.jvmRunning().pid());
  }

  /** The directory of the one with the agent. */
  Path tagged() {
    return tagged;
  }

  /** The one with the agent. */
  RunningJvm agentJvm() {
    return withAgent.jvmRunning();
  }

  /** Lets both end, and answers the recording of the one with the agent. */
  Recorded end() throws IOException {
    without.quit();
    withAgent.quit();
    return recording.read();
  }

  /** All answers so far. */
  @Override
  public String toString() {
    return String.join("\n", answers) + "\nstderr:\n" + agentJvm().err();
  }

  @Override
  public void close() {
    try (without) {
      withAgent.close();
    }
  }
}
