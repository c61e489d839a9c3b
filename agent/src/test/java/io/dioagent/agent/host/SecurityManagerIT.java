package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Under a security manager the agent does not change what an application is permitted. The agent
 * needs only a grant to its own jar.
 */
@Tag("host")
class SecurityManagerIT {
  private static final int LAST_WITH_MANAGER = 23;
  private static final int LAST_THAT_LETS_SET = 17;

  @TempDir Path directory;

  @BeforeEach
  void hasManager() {
    assumeTrue(
        AgentJvm.javaFeature() <= LAST_WITH_MANAGER,
        "this JDK has no security manager any more, expected one up to " + LAST_WITH_MANAGER);
  }

  private Path policy(boolean grantsAgent) throws IOException {
    Path files = directory.toRealPath().resolve("files");
    Path trusted = directory.toRealPath().resolve("trusted");
    Path handler = Path.of(TrustedHandler.class.getName().replace('.', '/') + ".class");
    Path copy = trusted.resolve(handler);
    Files.createDirectories(files);
    if (Files.notExists(copy)) {
      Files.createDirectories(copy.getParent());
      Files.copy(classes().resolve(handler), copy);
    }
    String all = " { permission java.security.AllPermission; };\n";
    String agent = "grant codeBase \"file:" + AgentJvm.agentJar().toRealPath() + "\"" + all;
    Path policy = directory.resolve("policy");
    Files.writeString(
        policy,
        (grantsAgent ? agent : "")
            + "grant codeBase \"file:"
            + trusted
            + "/\""
            + all
            + "grant codeBase \"file:"
            + classes()
            + "/\" {\n"
            + file(files + "/-", "read,write,delete")
            + file(files.toString(), "read")
            + file(trusted + "/-", "read")
            + file(trusted.toString(), "read")
            + "  permission java.util.PropertyPermission \"with.agent\", \"read\";\n"
            + "  permission java.util.PropertyPermission \"user.dir\", \"read\";\n"
            + "  permission java.lang.RuntimePermission \"createClassLoader\";\n"
            + "  permission java.lang.RuntimePermission \"getClassLoader\";\n"
            + "  permission java.lang.RuntimePermission \"modifyThread\";\n"
            + "  permission java.lang.RuntimePermission \"setSecurityManager\";\n"
            + "  permission javax.management.MBeanPermission \"*\", \"*\";\n"
            + "  permission javax.management.MBeanServerPermission \"*\";\n"
            + "};\n");
    return policy;
  }

  private static String file(String path, String actions) {
    return "  permission java.io.FilePermission \"" + path + "\", \"" + actions + "\";\n";
  }

  private static Path classes() {
    return Path.of(GuardedApp.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private AgentJvm application(boolean atStart, boolean grantsAgent) throws IOException {
    Path real = directory.toRealPath();
    AgentJvm jvm =
        AgentJvm.of(
                GuardedApp.class,
                real.resolve("files").toString(),
                real.resolve("trusted").toString(),
                atStart ? "start" : "later")
            .jvm("-Djava.security.policy==" + policy(grantsAgent));
    if (atStart) {
      jvm.jvm("-Djava.security.manager");
    } else if (AgentJvm.javaFeature() > LAST_THAT_LETS_SET) {
      jvm.jvm("-Djava.security.manager=allow");
    }
    return jvm;
  }

  private String options(String more) throws IOException {
    return "log=debug,tag=" + directory.toRealPath() + "/files/**" + more;
  }

  private void expectSame(boolean atStart, String more) throws IOException {
    JvmResult plain = application(atStart, true).run().expectExit(0);
    assertTrue(plain.outLines().contains("done"), plain::toString);
    assertTrue(plain.out().contains("open outside refused"), plain::toString);
    assertTrue(plain.out().contains("then may not read"), plain::toString);
    assertFalse(plain.out().contains("then reads"), plain::toString);
    JvmResult with =
        application(atStart, true).jvm("-Dwith.agent=1").agent(options(more)).run().expectExit(0);
    assertEquals(plain.out(), with.out(), with::toString);
    assertTrue(with.err().contains("tagged by "), with::toString);
    assertFalse(with.err().contains("unexpected"), with::toString);
  }

  @Test
  void fromTheStart() throws IOException {
    expectSame(true, "");
  }

  @Test
  void pipelined() throws IOException {
    expectSame(true, ",write=pipelined");
  }

  @Test
  void auto() throws IOException {
    expectSame(true, ",write=auto");
  }

  /** With threads of the agent's that were made before. */
  @Test
  void setWhileItRuns() throws IOException {
    expectSame(false, ",read=direct");
  }

  @Test
  void withoutAGrantOneLineSaysWhatIsMissing() throws IOException {
    JvmResult result = application(true, false).agent(options("")).run().expectExit(1);
    String line =
        "[dio-agent] there is a security manager, and its policy does not let the agent work;"
            + " expected in it: grant codeBase \"file:"
            + AgentJvm.agentJar()
            + "\" { permission java.security.AllPermission; };";
    assertEquals(1, result.errLines().stream().filter(line::equals).count(), result::toString);
    assertFalse(result.err().contains("FATAL ERROR"), result::toString);
    assertEquals("", result.out());
  }

  /** A JVM that has no policy of its own is not held up by there being one. */
  @Test
  void withoutAManagerNothingIsAsked() throws IOException {
    JvmResult result =
        AgentJvm.of(HelloApp.class)
            .jvm("-Djava.security.policy==" + policy(false))
            .agent(options(""))
            .run()
            .expectExit(0);
    assertFalse(result.err().contains("security manager"), result::toString);
  }
}
