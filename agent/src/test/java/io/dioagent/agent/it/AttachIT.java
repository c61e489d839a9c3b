package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar dio-agent.jar attach PID}. */
class AttachIT {
  @TempDir Path directory;

  private static JvmResult attach(Commanded target, String options) {
    return AgentJvm.ofAgentCommand("attach", String.valueOf(target.jvm().pid()), options).run();
  }

  private static Commanded target(String... jvmArguments) {
    // From 21 on the JVM itself warns of attached agents, as in the next tests.
    return AgentJvm.javaFeature() >= 21
        ? Commanded.startPlain("-XX:+EnableDynamicAgentLoading")
        : Commanded.startPlain(jvmArguments);
  }

  @Test
  void filesOpenedBeforeAndAfterAreTagged() {
    try (Commanded target = target()) {
      assertEquals("ok", target.run("open before " + directory.resolve("before")));
      assertEquals("8192", target.run("write before 8192"));
      assertEquals("ok", target.run("stream stream " + directory.resolve("stream")));

      JvmResult attached = attach(target, "log=debug,tag=" + directory + "/**").expectExit(0);
      assertEquals("dio-agent is in process " + target.jvm().pid() + "\n", attached.out());
      assertEquals("", attached.err());
      String on = "[dio-agent] on: tag=" + directory + "/**,log=debug,write=sync; engine ";
      assertTrue(target.jvm().err().startsWith(on), target.jvm().err());
      assertEquals(1, target.jvm().err().lines().count(), target.jvm().err());

      assertEquals("8192", target.run("write before 8192"));
      target.jvm().awaitErr(directory.resolve("before") + ",");
      assertEquals("100", target.run("write stream 100"));
      target.jvm().awaitErr(directory.resolve("stream") + ",");
      assertEquals("ok", target.run("open after " + directory.resolve("after")));
      target.jvm().awaitErr(directory.resolve("after") + ",");
      assertEquals("16384", target.run("write after 16384"));
      assertEquals("ok", target.run("close before"));
      assertEquals("ok", target.run("close after"));
      assertEquals("ok", target.run("close stream"));
      assertEquals(16384, directory.resolve("before").toFile().length());
      assertEquals(100, directory.resolve("stream").toFile().length());
      assertEquals("0", target.run("descriptors " + directory));
    }
  }

  @Test
  void wrongOptionsLeaveTheTargetAlone() {
    try (Commanded target = target()) {
      JvmResult refused = attach(target, "tag=data/**").expectExit(1);
      assertEquals("", refused.out());
      assertEquals(
          "[dio-agent] process "
              + target.jvm().pid()
              + ": wrong option tag=data/** (agent options): a relative glob, expected an absolute"
              + " one like /data/**\n",
          refused.err());
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("100", target.run("write x 100"));

      attach(target, "tag=" + directory + "/**").expectExit(0);
      assertEquals("100", target.run("write x 100"));
    }
  }

  @Test
  void onceIsEnough() {
    try (Commanded target = target()) {
      attach(target, "tag=" + directory + "/**").expectExit(0);
      JvmResult again = attach(target, "tag=" + directory + "/**").expectExit(1);
      assertTrue(again.err().contains("already in this JVM"), again.err());
      assertEquals(1, again.errLines().size());
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("100", target.run("write x 100"));
    }
  }

  @Test
  void notToAJvmThatWasStartedWithIt() {
    try (Commanded target = Commanded.start("tag=" + directory + "/**")) {
      JvmResult again = attach(target, "tag=/other/**").expectExit(1);
      assertTrue(again.err().contains("already in this JVM"), again.err());
    }
  }

  @Test
  void noSuchProcess() {
    JvmResult result = AgentJvm.ofAgentCommand("attach", "999999999", "tag=/x/**").run();
    result.expectExit(1);
    assertEquals(1, result.errLines().size(), result.toString());
    assertTrue(result.err().startsWith("[dio-agent] cannot attach to process 999999999"));
  }

  /** There is none here: one that says it is. */
  @Test
  void tooOldAJvm() {
    try (Commanded target = target()) {
      for (String version : new String[] {"1.8", "11"}) {
        assertEquals("ok", target.run("set java.specification.version " + version));
        JvmResult result = attach(target, "tag=/x/**").expectExit(1);
        assertEquals(
            "[dio-agent] process "
                + target.jvm().pid()
                + " runs Java "
                + version
                + ", expected 17 or later\n",
            result.err());
      }
      assertEquals("", target.jvm().err());
    }
  }

  @Test
  void withoutTheModule() {
    JvmResult result =
        AgentJvm.ofAgentCommand("attach", "1", "tag=/x/**")
            .jvm("--limit-modules", "java.base,java.instrument")
            .run()
            .expectExit(1);
    assertEquals(1, result.errLines().size(), result.toString());
    assertTrue(result.err().contains("no module jdk.attach"), result.err());
    assertFalse(result.err().contains("Exception"), result.err());
  }
}
