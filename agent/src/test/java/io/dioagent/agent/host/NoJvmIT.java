package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for a JVM do nothing to a process that is none, and name the process. */
@Tag("host")
class NoJvmIT {
  /** Runs a command on a process, and answers its one line. */
  private static String refusal(String command, long pid) {
    JvmResult result = AgentJvm.ofAgentCommand(command, String.valueOf(pid)).run().expectExit(1);
    assertEquals("", result.out());
    assertEquals(1, result.errLines().size(), result::toString);
    String prefix = "[dio-agent] cannot attach to process " + pid + ": ";
    assertTrue(result.err().startsWith(prefix), result::toString);
    return result.errLines().get(0).substring(prefix.length());
  }

  private static void assertSpared(List<String> program, String command, String what)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(program).start();
    try {
      String refusal = refusal(command, process.pid());
      assertTrue(process.isAlive(), refusal);
      assertEquals(what, refusal);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "attach", "detach"})
  void aSleep(String command) throws Exception {
    assertSpared(
        List.of("sleep", "600"),
        command,
        "it is no JVM but 'sleep', which has not loaded libjvm.so");
  }

  @Test
  void aShell() throws Exception {
    assertSpared(
        List.of("sh", "-c", "sleep 600; true"),
        "status",
        "it is no JVM but 'sh', which has not loaded libjvm.so");
  }

  /** One that catches the signal, and would not end of it. */
  @Test
  void aPythonWithAHandler() throws Exception {
    Need.command("python3", "--version");
    Process python =
        new ProcessBuilder(
                "python3",
                "-c",
                """
                import signal, sys, time
                signal.signal(signal.SIGQUIT, lambda *a: (print('called'), sys.exit(3)))
                print('ready', flush=True)
                time.sleep(600)
                """)
            .start();
    try {
      assertEquals('r', python.getInputStream().read());
      String refusal = refusal("status", python.pid());
      assertTrue(refusal.startsWith("it is no JVM but 'python"), refusal);
      assertTrue(python.isAlive(), refusal);
    } finally {
      python.destroyForcibly().waitFor();
    }
  }

  /** It does not catch the signal, but takes attachers by its socket. */
  @Test
  void aJvmThatDoesNotCatchTheSignal() {
    try (RunningJvm target = AgentJvm.of(CommandedApp.class).jvm("-Xrs").start()) {
      target.awaitOut("ready\n");
      JvmResult result =
          AgentJvm.ofAgentCommand("status", String.valueOf(target.pid())).run().expectExit(1);
      assertTrue(result.err().endsWith(": dio-agent is not in this JVM\n"), result::toString);
      assertTrue(target.isAlive());
    }
  }

  /** It is waited for; one that stays as it is is left alone. */
  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-Xrs"})
  void aJvmThatIsStarting(String argument) throws Exception {
    try (RunningJvm starting = AgentJvm.of(HelloApp.class).jvm(argument).start()) {
      signal("STOP", starting.pid());
      String refusal = refusal("status", starting.pid());
      signal("CONT", starting.pid());
      String out = starting.await().expectExit(0).out();
      if (refusal.contains("doesn't respond")) {
        // Stopped too late: it caught the signal already, and answers the JDK's with its threads.
        assertTrue(out.endsWith("main ran\n"), out);
      } else {
        assertEquals("main ran\n", out, refusal);
      }
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertTrue(kill.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, kill.exitValue());
  }

  @Test
  void aThread() throws Exception {
    try (RunningJvm target = AgentJvm.of(CommandedApp.class).start()) {
      target.awaitOut("ready\n");
      long pid = target.pid();
      long thread = thread(pid);
      assertEquals(
          "it is a thread of process " + pid + ", expected a process id",
          refusal("status", thread));
      assertTrue(target.isAlive());
    }
  }

  private static long thread(long pid) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks
          .mapToLong(task -> Long.parseLong(task.getFileName().toString()))
          .filter(task -> task != pid)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void noProcessAtAll() {
    assertTrue(refusal("status", 0).startsWith("that is no process"));
    assertTrue(refusal("status", 999_999_999).startsWith("it does not exist"));
  }

  @Test
  void theCommandItself() {
    String java = AgentJvm.javaExecutable().toString();
    try {
      Process shell =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "exec \"$0\" -jar \"$1\" status $$",
                  java,
                  AgentJvm.agentJar().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("it is this command itself, expected another JVM\n"), said);
      assertEquals(1, shell.waitFor());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
