package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.AsyncApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asynchronous channels on tagged files, in fresh JVMs, in the agent's default mode. */
class AsyncIT {
  private static final int BYTES = 16 << 20;

  private Path directory;
  private Path file;

  /** On the disk, as /tmp may be in memory; and written, so that overwriting needs no waiting. */
  @BeforeEach
  void makeFile() throws IOException {
    directory = Files.createTempDirectory(Path.of("target").toRealPath(), "dio-async-");
    file = directory.resolve("file");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BYTES));
      channel.force(true);
    }
  }

  @AfterEach
  void remove() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private AgentJvm app(String... ways) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(List.of(ways));
    return AgentJvm.of(AsyncApp.class, arguments.toArray(new String[0])).writingByDefault();
  }

  private String tag() {
    return "tag=" + directory + "/**";
  }

  /** Line by line the same as without the agent. */
  @Test
  void asWithoutTheAgent() {
    String without = app().run().expectExit(0).out();
    assertFalse(without.contains("NOT"), without);
    assertFalse(without.contains("unexpected"), without);
    for (String mode : new String[] {"", ",mode=observe", ",queue-depth=1,max-io=4k"}) {
      JvmResult with = app().agent(tag() + mode).run().expectExit(0);
      assertEquals(without, with.out(), with.toString());
      assertEquals("", with.err());
    }
  }

  @Test
  void wovenClassesVerify() {
    for (String flag : new String[] {"-Xint", "-XX:+BytecodeVerificationLocal"}) {
      JvmResult result =
          app("future", "handler", "closed", "readOnly")
              .agent(tag())
              .jvm("-XX:+UnlockDiagnosticVMOptions", flag)
              .run()
              .expectExit(0);
      assertEquals("", result.err());
      assertTrue(result.out().startsWith("future: 16384 at 16384 truefalse there\n"), result.out());
    }
  }

  @Test
  void closeWaitsForWhatIsInFlight() {
    JvmResult result =
        app("closeInFlight").agent(tag() + ",fault=delay:for=500ms").run().expectExit(0);
    assertEquals("closeInFlight: 16 done, 16 of 16 there\n", result.out(), result.toString());
  }

  @Test
  void failuresAreReportedOnce() {
    String faults = ",deadline=2s,fault=eio:offset=4k-8k,fault=lose:offset=8k-12k";
    JvmResult result = app("failing").agent(tag() + faults).run().expectExit(0);
    assertEquals(
        "failing: [0=4096, 1=IOException Input/output error] at 0, closed at 0\n",
        result.out(),
        result.toString());
  }

  /** A lost completion is reported to the handler, once, and close does not hang. */
  @Test
  void lostOnes() {
    JvmResult result =
        app("failing").agent(tag() + ",deadline=2s,fault=lose:offset=4k-12k").run().expectExit(0);
    assertTrue(
        result
            .out()
            .startsWith("failing: [0=4096, 1=DirectIoException write of 4096 bytes at 4096"),
        result.toString());
    assertTrue(result.out().endsWith("at 0, closed at 0\n"), result.toString());
  }

  @Test
  void manyInFlightByFewThreads() {
    JvmResult result = app("threads").agent(tag() + ",fault=delay:for=50ms").run().expectExit(0);
    assertEquals("threads: 2000 by few threads\n", result.out(), result.toString());
  }

  @Test
  void theExecutorGoesMeanwhile() {
    JvmResult result = app("shutDown").agent(tag() + ",fault=delay:for=300ms").run().expectExit(0);
    assertEquals(
        "shutDown: 0=4096 1=4096 2=4096 3=4096 4=4096 5=4096 6=4096 7=4096\n",
        result.out(),
        result.toString());
  }

  /** Without the agent such a write never ends (JDK 25). */
  @Test
  void buffersThatCannotBeRead() {
    Assumptions.assumeTrue(
        AgentJvm.javaFeature() >= 22, "arenas need JDK 22: " + AgentJvm.javaFeature());
    JvmResult result = app("arena").agent(tag()).run().expectExit(0);
    assertEquals(
        "arena: 4096, ofShared Bad address, ofConfined Bad address, \n",
        result.out(),
        result.toString());
  }

  /** The data goes by io_submit only, several requests at once. */
  @Test
  void whatTheKernelSees() throws IOException {
    boolean traces = false;
    try {
      traces =
          new ProcessBuilder("strace", "-f", "-qq", "-e", "trace=none", "true")
                  .redirectErrorStream(true)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException | InterruptedException e) {
      System.out.println("skipped: " + e);
    }
    if (!traces) {
      System.out.println("skipped: strace does not work here");
    }
    Assumptions.assumeTrue(traces, "strace does not work here");
    Path log = directory.resolve("strace");
    String calls = "trace=io_setup,io_submit,io_getevents,pwrite64,pwritev,pwritev2";
    JvmResult result =
        app("many")
            .agent(tag())
            .under("strace", "-f", "-qq", "--seccomp-bpf", "-o", log.toString(), "-e", calls)
            .run()
            .expectExit(0);
    assertEquals("many: 2000 of 2000 there\n", result.out(), result.toString());
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    int several = 0;
    long blocks = 0;
    int buffered = 0;
    for (String line : lines) {
      if (line.contains("io_submit(") && !line.contains(", 1, ")) {
        several++;
      }
      blocks += line.split("aio_fildes", -1).length - 1;
      buffered += line.contains("pwrite") && line.contains("4096") ? 1 : 0;
    }
    assertTrue(several > 0, "no io_submit of several");
    assertTrue(blocks >= 2000, blocks + " iocbs");
    assertEquals(0, buffered, "writes of blocks by pwrite");
  }
}
