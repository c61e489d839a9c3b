package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was lost, late, completed twice or failed has a line on stderr, at the default level. */
@Tag("one-jdk")
class AnomalyLogIT {
  private Scratch scratch;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  private Scripted start(AgentJvm jvm, String options) throws IOException {
    Path tagged = scratch.newDirectory("tagged");
    Need.directWrites(tagged);
    Scripted app = Scripted.start(jvm.agent("tag=" + tagged + "/**," + options));
    app.run("open a " + tagged.resolve("file") + " CREATE,READ,WRITE");
    return app;
  }

  private String file() {
    return scratch.resolve("tagged").resolve("file").toString();
  }

  private static int count(RunningJvm jvm, String beginning) {
    return (int)
        jvm.err().lines().filter(line -> line.startsWith("[dio-agent] " + beginning)).count();
  }

  /** The faults have no end, so that each line comes from the agent while the write is out. */
  @ParameterizedTest
  @CsvSource({
    "'lose', 'lost: request '",
    "'lose,on-lost=report', 'lost: request '",
    "'submit-block:for=60m,on-lost=report', 'lost: request '",
    "'late:for=1s', 'late: request '",
    "'duplicate', 'duplicate: request '",
    "'eio', 'error: request '",
  })
  void eachHasALine(String fault, String line) throws IOException {
    try (Scripted app = start(Scripted.jvm(), "deadline=300ms,fault=" + fault)) {
      app.run("start writeAt a 16384 4096");
      RunningJvm jvm = app.jvmRunning();
      jvm.awaitErr("[dio-agent] " + line);
      jvm.awaitErr("faults are injected, by fault=\n");
      String said = jvm.err();
      assertTrue(said.contains(" of 16384 bytes at 4096 of " + file() + " "), said);
      assertEquals(1, count(jvm, line), said);
      if (line.startsWith("lost")) {
        assertTrue(said.contains(", deadline 300.0 ms: "), said);
        assertTrue(said.matches("(?s).* has not ended after \\d+\\.\\d (ms|s), .*"), said);
      }
    }
  }

  @Test
  void manyFailuresOfAFileHaveTwoLines() throws IOException {
    try (Scripted app = start(Scripted.jvm(), "fault=eio")) {
      for (int i = 0; i < 50; i++) {
        String answer = app.run("writeAt a 4096 " + i * 4096);
        assertTrue(answer.contains("Input/output error"), answer);
      }
      app.quit();
      String said = app.jvmRunning().err();
      assertTrue(count(app.jvmRunning(), "error: ") <= 2, said);
      assertTrue(said.matches("(?s).*; and \\d+ more of it; .*"), said);
    }
  }

  @Test
  void errorsOnlyMeansNoLine() throws IOException {
    try (Scripted app = start(Scripted.jvm(), "log=error,fault=eio")) {
      String answer = app.run("writeAt a 4096 0");
      assertTrue(answer.contains("Input/output error"), answer);
      app.quit();
      assertEquals(1, app.jvmRunning().err().lines().count(), app.jvmRunning().err());
    }
  }

  /** The application goes on while the lines fill a pipe that is not read. */
  @Test
  void aFullPipeHoldsNoWriteUp() throws IOException {
    String[] unread = {
      "sh",
      "-c",
      "mkfifo \"$0\" && exec 9<>\"$0\" && head -c 61440 /dev/zero >&9 && exec \"$@\" 2>&9",
      scratch.resolve("stderr").toString()
    };
    try (Scripted app = start(Scripted.jvm().under(unread), "fault=eio")) {
      for (int i = 0; i < 50; i++) {
        app.run("open f " + file() + i + " CREATE,READ,WRITE");
        String answer = app.run("writeAt f 4096 0");
        assertTrue(answer.contains("Input/output error"), answer);
        app.run("close f");
      }
      app.quit();
    }
  }
}
