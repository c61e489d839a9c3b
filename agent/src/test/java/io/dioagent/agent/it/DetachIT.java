package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.FullSpeedApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java -jar dio-agent.jar detach PID}. Longer: {@code -Ddio.test.attach.cycles=100}. */
@Tag("full")
class DetachIT {
  private static final int CYCLES = Integer.getInteger("dio.test.attach.cycles", 2);
  private static final int WRITES_BETWEEN = 100;
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;

  /** Those of {@link FullSpeedApp} itself. */
  private static final int HELD_DESCRIPTORS = 8;

  /** No context and no thread of the agent. */
  private static final String OWN_DESCRIPTORS_ONLY = HELD_DESCRIPTORS + " 0 0";

  @TempDir Path directory;

  private static JvmResult attach(Commanded target, String options) {
    return AgentJvm.ofAgentCommand("attach", String.valueOf(target.jvm().pid()), options).run();
  }

  private static JvmResult detach(Commanded target) {
    return AgentJvm.ofAgentCommand("detach", String.valueOf(target.jvm().pid())).run();
  }

  /** From 21 on the JVM itself warns of being attached to. */
  private static AgentJvm attachable(AgentJvm jvm) {
    return AgentJvm.javaFeature() >= 21 ? jvm.jvm("-XX:+EnableDynamicAgentLoading") : jvm;
  }

  private static Commanded target() {
    return Commanded.start(attachable(AgentJvm.of(CommandedApp.class)));
  }

  /** No error, no lost byte, nothing left behind, however often. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",write=pipelined",
        ",write=pipelined,read=direct",
        ",write=auto",
        ",mode=observe"
      })
  void atFullSpeed(String settings) throws IOException {
    Path real = directory.toRealPath();
    AgentJvm jvm =
        attachable(AgentJvm.of(FullSpeedApp.class, real.toString()))
            .jvm("-Xmx256m")
            .timeout(Duration.ofMinutes(2));
    String options = "log=info,tag=" + real + "/**" + settings;
    StringBuilder expectedErr = new StringBuilder();
    try (Commanded target = Commanded.start(jvm)) {
      for (int cycle = 0; cycle < CYCLES; cycle++) {
        goOn(target);
        attach(target, options).expectExit(0);
        goOn(target);
        String held = target.run("left");
        if (!settings.contains("observe")) {
          int descriptors = Integer.parseInt(held.split(" ", -1)[0]);
          assertTrue(descriptors > HELD_DESCRIPTORS, "not redirected: " + held);
        }
        JvmResult detached = detach(target).expectExit(0);
        assertEquals("dio-agent has left process " + target.jvm().pid() + "\n", detached.out());
        assertEquals("", detached.err());
        assertEquals(OWN_DESCRIPTORS_ONLY, leftIn(target), "cycle " + cycle);
        expectedErr.append("on off ");
      }
      goOn(target);
      assertEquals("ending", target.run("end"));
      target.jvm().awaitOut("all there: ");
      JvmResult result = target.jvm().await(Duration.ofMinutes(2)).expectExit(0);
      // A line each, and nothing else.
      String actualErr =
          result.errLines().stream()
              .map(line -> line.replaceFirst("^\\[dio-agent\\] (on|off)(:.*)?$", "$1 "))
              .collect(Collectors.joining());
      assertEquals(expectedErr.toString(), actualErr, result::toString);
      System.out.println(
          CYCLES
              + " attaches and detaches"
              + settings
              + ", "
              + result.out().substring(result.out().indexOf("all")));
    }
  }

  /** The comparison at the end is able to fail. */
  @Tag("seeded")
  @Test
  void oneWrongByteIsFound() throws IOException {
    AgentJvm jvm = AgentJvm.of(FullSpeedApp.class, directory.toRealPath().toString());
    try (Commanded target = Commanded.start(jvm.jvm("-Xmx256m"))) {
      goOn(target);
      assertEquals("ending", target.run("damage"));
      JvmResult result = target.jvm().await(Duration.ofMinutes(1)).expectExit(1);
      assertTrue(result.err().contains("RELATIVE: byte 1 is "), result::toString);
    }
  }

  private static void goOn(Commanded target) {
    long before = Long.parseLong(target.run("count"));
    long now = before;
    while (now < before + WRITES_BETWEEN) {
      now = Long.parseLong(target.run("count"));
    }
  }

  /** A thread that ends does so a moment later. */
  private static String leftIn(Commanded target) {
    String left = target.run("left");
    for (int tries = 0; tries < 100 && !left.equals(OWN_DESCRIPTORS_ONLY); tries++) {
      pause();
      left = target.run("left");
    }
    return left;
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAgentFromTheStartLeavesToo() {
    try (Commanded target =
        Commanded.start(
            attachable(AgentJvm.of(CommandedApp.class).agent("tag=" + directory + "/**")))) {
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("8192", target.run("write x 8192"));
      assertTrue(Integer.parseInt(target.run("descriptors " + directory)) > 1);
      detach(target).expectExit(0);
      assertEquals("1", target.run("descriptors " + directory));
      assertEquals("100", target.run("write x 100"));
      assertEquals(8292, directory.resolve("x").toFile().length());
      assertEquals("1", target.run("descriptors " + directory));
      assertEquals("ok", target.run("close x"));
    }
  }

  /** Closing any descriptor of a file drops the process's locks on it. */
  @Test
  void aLockOutlivesTheAgent() {
    try (Commanded target = target();
        Commanded other = Commanded.start()) {
      attach(target, "log=info,tag=" + directory + "/**").expectExit(0);
      for (String name : new String[] {"locked", "free"}) {
        assertEquals("ok", target.run("open " + name + " " + directory.resolve(name)));
        assertEquals("8192", target.run("write " + name + " 8192"));
      }
      assertEquals("locked", target.run("lock locked"));
      assertEquals("ok", other.run("open b " + directory.resolve("locked")));
      assertEquals("taken", other.run("lock b"));

      detach(target).expectExit(0);
      target.jvm().awaitErr("off, but for 1 files that are locked");
      assertEquals("taken", other.run("lock b"));
      assertEquals("1", target.run("descriptors " + directory.resolve("free")));
      assertEquals("100", target.run("write locked 100"));
      assertEquals("taken", other.run("lock b"));
      JvmResult again = detach(target).expectExit(1);
      assertEquals(line(target, "dio-agent is not in this JVM"), again.err());

      // Attached again: what was locked stays with the JDK until it is closed, all else is tagged.
      attach(target, "tag=" + directory + "/**").expectExit(0);
      assertEquals("100", target.run("write locked 100"));
      assertEquals("8192", target.run("write free 8192"));
      assertTrue(
          Integer.parseInt(target.run("descriptors " + directory.resolve("free"))) > 1,
          "not redirected");
      assertEquals("ok", target.run("close locked"));
      assertEquals("0", target.run("descriptors " + directory.resolve("locked")));
      assertEquals("locked", other.run("lock b"));
      assertEquals("ok", other.run("unlock b"));
      detach(target).expectExit(0);
      assertEquals("1", target.run("descriptors " + directory));
      assertEquals(8392, directory.resolve("locked").toFile().length());
      assertEquals(16384, directory.resolve("free").toFile().length());
    }
  }

  /** The agent has not seen the mapping: what is written shows in it all the same, and at once. */
  @Test
  void aMappingFromBeforeSeesWhatIsWritten() {
    try (Commanded target = target()) {
      Path file = directory.resolve("mapped");
      assertEquals("ok", target.run("open x " + file));
      assertEquals("8192", target.run("write x 8192"));
      assertEquals("ok", target.run("map x"));
      attach(target, "write=pipelined,tag=" + directory + "/**").expectExit(0);
      for (int offset = 0; offset < 8192; offset += 1000) {
        assertEquals("10", target.run("fill x " + offset + " 10"));
        assertEquals("x", target.run("see x " + offset));
      }
      detach(target).expectExit(0);
    }
  }

  @Test
  void withoutAnAgent() {
    try (Commanded target = target()) {
      JvmResult refused = detach(target).expectExit(1);
      assertEquals(line(target, "dio-agent is not in this JVM"), refused.err());
      assertEquals("", refused.out());
      attach(target, "tag=" + directory + "/**").expectExit(0);
      detach(target).expectExit(0);
    }
  }

  private static String line(Commanded target, String what) {
    return "[dio-agent] process " + target.jvm().pid() + ": " + what + "\n";
  }

  @Test
  void noSuchProcess() {
    JvmResult result = AgentJvm.ofAgentCommand("detach", "999999999").run().expectExit(1);
    assertEquals(1, result.errLines().size(), result::toString);
    assertTrue(result.err().startsWith("[dio-agent] cannot attach to process 999999999"));
  }

  @Test
  void anotherUsersProcess() throws Exception {
    if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(SETPRIV)) {
      System.out.println("skipped: to become another user takes root, and setpriv");
      return;
    }
    // Where another user can read it.
    Path jar =
        Files.copy(AgentJvm.agentJar(), Files.createTempFile("dio-agent-it", ".jar"), REPLACE);
    try (Commanded target = target()) {
      Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("r--r--r--"));
      JvmResult result =
          AgentJvm.ofCommand(jar, "detach", String.valueOf(target.jvm().pid()))
              .under(SETPRIV.toString(), "--reuid=65534", "--regid=65534", "--clear-groups")
              .run()
              .expectExit(1);
      assertEquals(1, result.errLines().size(), result::toString);
      assertTrue(
          result.err().startsWith("[dio-agent] cannot attach to process " + target.jvm().pid()),
          result::toString);
    } finally {
      Files.delete(jar);
    }
  }
}
