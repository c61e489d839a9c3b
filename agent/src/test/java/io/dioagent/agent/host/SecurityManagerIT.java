package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
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
  private static final String MISSING_GRANT =
      "[dio-agent] there is a security manager, and its policy does not let the agent work";

  /** A value of {@link GuardedApp}'s last argument. */
  private enum Manager {
    START,
    LATER,
    WAITING
  }

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

  private AgentJvm application(Manager manager, boolean grantsAgent) throws IOException {
    Path real = directory.toRealPath();
    AgentJvm jvm =
        AgentJvm.of(
                GuardedApp.class,
                real.resolve("files").toString(),
                real.resolve("trusted").toString(),
                manager.name().toLowerCase(Locale.ROOT))
            .jvm("-Djava.security.policy==" + policy(grantsAgent));
    if (manager != Manager.LATER) {
      jvm.jvm("-Djava.security.manager");
    } else if (AgentJvm.javaFeature() > LAST_THAT_LETS_SET) {
      jvm.jvm("-Djava.security.manager=allow");
    }
    return jvm;
  }

  private String options(String more) throws IOException {
    return "log=debug,tag=" + directory.toRealPath() + "/files/**" + more;
  }

  private void expectSame(Manager manager, String more) throws IOException {
    expectSame(
        application(manager, true).run(),
        application(manager, true).jvm("-Dwith.agent=1").agent(options(more)).run());
  }

  private static void expectSame(JvmResult plain, JvmResult with) {
    plain.expectExit(0);
    assertTrue(plain.outLines().contains("done"), plain::toString);
    assertTrue(plain.out().contains("open outside refused"), plain::toString);
    assertTrue(plain.out().contains("then may not read"), plain::toString);
    assertFalse(plain.out().contains("then reads"), plain::toString);
    with.expectExit(0);
    assertEquals(plain.out(), with.out(), with::toString);
    assertTrue(with.err().contains("tagged by "), with::toString);
    assertFalse(with.err().contains("unexpected"), with::toString);
  }

  @Test
  void fromTheStart() throws IOException {
    expectSame(Manager.START, "");
  }

  @Test
  void pipelined() throws IOException {
    expectSame(Manager.START, ",write=pipelined");
  }

  @Test
  void auto() throws IOException {
    expectSame(Manager.START, ",write=auto");
  }

  /** With threads of the agent's that were made before. */
  @Test
  void setWhileItRuns() throws IOException {
    expectSame(Manager.LATER, ",read=direct");
  }

  /** Runs an application that has a manager, and an action while it waits. */
  private static JvmResult meanwhile(AgentJvm application, Consumer<RunningJvm> action) {
    try (RunningJvm jvm = application.start()) {
      jvm.awaitOut("ready\n");
      action.accept(jvm);
      jvm.send("");
      return jvm.await();
    }
  }

  private static JvmResult attach(RunningJvm jvm, String options) {
    return AgentJvm.ofAgentCommand("attach", String.valueOf(jvm.pid()), options).run();
  }

  /** A file that is open before is tagged, too. */
  @Test
  void attached() throws IOException {
    String options = options("");
    JvmResult plain = meanwhile(application(Manager.WAITING, true), jvm -> {});
    JvmResult with =
        meanwhile(
            application(Manager.WAITING, true).jvm("-Dwith.agent=1"),
            jvm -> attach(jvm, options).expectExit(0));
    expectSame(plain, with);
    assertTrue(plain.outLines().contains("opened before 8192ok"), plain::toString);
    assertTrue(with.err().contains("/files/before, descriptor"), with::toString);
  }

  /** The application goes on as without. */
  @Test
  void attachedWithoutAGrant() throws IOException {
    String options = options("");
    JvmResult plain = meanwhile(application(Manager.WAITING, false), jvm -> {});
    JvmResult with =
        meanwhile(
            application(Manager.WAITING, false),
            jvm -> {
              JvmResult refused = attach(jvm, options).expectExit(1);
              assertEquals(1, refused.errLines().size(), refused::toString);
            });
    assertEquals(plain.expectExit(0).out(), with.expectExit(0).out(), with::toString);
    assertTrue(with.err().contains(MISSING_GRANT), with::toString);
    assertFalse(with.err().contains("tagged by "), with::toString);
  }

  @Test
  void withoutAGrantOneLineSaysWhatIsMissing() throws IOException {
    JvmResult result = application(Manager.START, false).agent(options("")).run().expectExit(1);
    String line =
        MISSING_GRANT
            + "; expected in it: grant codeBase \"file:"
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
