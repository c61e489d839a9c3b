package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads that interrupt, close and write at the same time get the same results as without the
 * agent.
 */
class ConcurrencyIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private Scratch scratch;
  private Path tagged;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
    tagged = scratch.newDirectory("tagged");
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  @Test
  void interruptedAndClosedWriters() throws IOException {
    closing("", 1000);
  }

  /** The writers make their own system calls. */
  @Test
  void interruptedAndClosedWritersBehind() throws IOException {
    closing(",write=auto", 200);
  }

  /** So slow that it is certain that writes are in flight when it happens. */
  @Test
  void interruptedAndClosedWritersOnASlowDevice() throws IOException {
    closing(",fault=delay:for=40ms:rate=0.5", 20);
  }

  private void closing(String options, int opened) throws IOException {
    Path plain = scratch.newDirectory("plain");
    String expected =
        AgentJvm.of(ClosingApp.class, plain.toString(), String.valueOf(opened))
            .timeout(TIMEOUT)
            .run()
            .expectExit(0)
            .out();
    assertTrue(expected.contains("ClosedByInterruptException"), expected);
    assertTrue(expected.contains(": closed, "), expected);
    assertTrue(expected.endsWith("descriptors more than before: 0\n"), expected);
    JvmResult result =
        AgentJvm.of(ClosingApp.class, tagged.toString(), String.valueOf(opened))
            .agent("tag=" + tagged + "/**" + options)
            .timeout(TIMEOUT)
            .run()
            .expectExit(0);
    assertEquals(expected, result.out(), result::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",queue-depth=3,max-io=8k,buffer-memory=64k", ",write=auto"})
  void manyThreads(String options) throws IOException {
    crowd("platform", options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",queue-depth=3,max-io=8k,buffer-memory=64k", ",write=auto"})
  void manyVirtualThreads(String options) throws IOException {
    Need.that(
        AgentJvm.javaFeature() >= 21, "JDK " + AgentJvm.javaFeature() + " has no virtual threads");
    crowd("virtual", options);
  }

  private void crowd(String kind, String options) throws IOException {
    FlightRecording recording = new FlightRecording(scratch.directory());
    JvmResult result =
        AgentJvm.of(CrowdApp.class, tagged.toString(), kind)
            .agent("tag=" + tagged + "/**" + options)
            .jvm(recording.jvmArguments())
            .timeout(TIMEOUT)
            .run()
            .expectExit(0);
    assertEquals("all there\n", result.out(), result::toString);
    assertEquals("", result.err(), result::toString);
    Recorded recorded = recording.read();
    List<String> anomalies = new ArrayList<>();
    for (String event :
        new String[] {
          "LostCompletion", "LateCompletion", "DuplicateCompletion", "UnknownCompletion"
        }) {
      if (recorded.count(event) > 0) {
        anomalies.add(event);
      }
    }
    assertEquals(List.of(), anomalies, recorded::toString);
    boolean direct = recorded.mayGoDirect() && !options.equals(",write=auto");
    assertEquals(direct, recorded.directBytes() > 0, recorded::toString);
  }
}
