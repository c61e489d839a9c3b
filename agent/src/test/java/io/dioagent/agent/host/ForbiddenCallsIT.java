package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A seccomp filter that forbids one of the runtime's system calls, each in turn: the JVM writes the
 * same as without the agent, without an error. {@code -Ddio.test.forbidden=all} takes all calls,
 * and ENOSYS too, in two modes.
 */
@Tag("host")
class ForbiddenCallsIT {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /** Calls that containers were seen to forbid, and those that the default engine needs. */
  private static final Set<String> SHORT_FORM =
      Set.of(
          "ioSetup",
          "ioSubmit",
          "ioGetevents",
          "statx",
          "cachestat",
          "syncFileRange",
          "readlinkat");

  /** Calls that writes behind make beside the application's own. */
  private static final Set<String> BEHIND = Set.of("cachestat", "fadvise64", "syncFileRange");

  /** No calls of the runtime, but numbers that differ by architecture as well. */
  private static final Set<String> NO_CALLS = Set.of("oDirect", "statModeAt", "futex");

  private static final String LAUNCHER =
      """
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <stddef.h>
      #include <stdlib.h>
      #include <sys/prctl.h>
      #include <unistd.h>

      int main(int count, char **arguments) {
        struct sock_filter code[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, atoi(arguments[1]), 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(arguments[2])),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {sizeof code / sizeof *code, code};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program)) {
          return 97;
        }
        execvp(arguments[3], arguments + 3);
        return 98;
      }
      """;

  private static final Scratch SCRATCH = Scratch.onDisk();
  private static Path launcher;

  /** One call that fails. */
  record Row(String call, int number, int errno, String options) {
    @Override
    public String toString() {
      return call + (errno == EPERM ? " EPERM" : " ENOSYS") + options;
    }
  }

  static Stream<Row> rows() throws ReflectiveOperationException {
    boolean all = "all".equals(System.getProperty("dio.test.forbidden"));
    Class<?> numbers = Class.forName("io.dioagent.runtime.linux.SyscallNumbers");
    Method forArchitecture = numbers.getDeclaredMethod("forArchitecture", String.class);
    forArchitecture.setAccessible(true);
    Object here = forArchitecture.invoke(null, System.getProperty("os.arch"));
    List<Row> rows = new ArrayList<>();
    for (RecordComponent component : numbers.getRecordComponents()) {
      String call = component.getName();
      if (NO_CALLS.contains(call)) {
        continue;
      }
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      int number = (int) accessor.invoke(here);
      if (all || SHORT_FORM.contains(call)) {
        rows.add(new Row(call, number, EPERM, ""));
      }
      if (all || BEHIND.contains(call)) {
        rows.add(new Row(call, number, EPERM, ",write=auto"));
      }
      if (all) {
        rows.add(new Row(call, number, ENOSYS, ""));
        rows.add(new Row(call, number, EPERM, ",write=pipelined,read=direct"));
      }
    }
    return rows.stream();
  }

  @BeforeAll
  static void compile() throws IOException, InterruptedException {
    Need.directWrites(SCRATCH.directory());
    Need.command("gcc", "--version");
    launcher = SCRATCH.resolve("forbid");
    Path code = Files.writeString(SCRATCH.resolve("forbid.c"), LAUNCHER);
    Process gcc =
        new ProcessBuilder("gcc", "-o", launcher.toString(), code.toString()).inheritIO().start();
    Need.that(gcc.waitFor() == 0, "gcc cannot compile a seccomp filter here");
  }

  @AfterAll
  static void close() {
    SCRATCH.close();
  }

  private static AgentJvm under(Row row, AgentJvm jvm) {
    return jvm.under(
        launcher.toString(), String.valueOf(row.number()), String.valueOf(row.errno()));
  }

  private static AgentJvm app(Row row, Path data) {
    return under(row, AgentJvm.of(ForbiddenCallsApp.class, data.toString()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void oneCall(Row row) throws IOException {
    Path data = SCRATCH.newDirectory(row.toString().replaceAll("[,= ]", "-"));
    JvmResult result =
        app(row, data).agent("deadline=10s,tag=" + data + "/**" + row.options()).run();
    if (result.exitCode() != 0) {
      JvmResult plain = app(row, data).run();
      Need.that(plain.exitCode() == 0, row + ": the JVM does not run without the agent either");
      // An agent comes in a jar: JDK 25 opens none without statx.
      JvmResult jar = under(row, AgentJvm.ofAgentCommand("version")).run();
      Need.that(jar.exitCode() == 0, row + ": the JVM cannot run what is in a jar");
    }
    assertEquals(0, result.exitCode(), result::toString);
    assertEquals("written and read\n", result.out());
    assertEquals(
        row.call().equals("readlinkat"),
        result.err().contains("no file can be tagged"),
        result::toString);
    assertFalse(result.err().contains("defect"), result::toString);
    assertTrue(
        result.errLines().stream().allMatch(line -> line.startsWith("[dio-agent] ")),
        result::toString);
  }
}
