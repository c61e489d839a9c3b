package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Need;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of strace(1), to put before a JVM's. */
final class Strace {
  /** At the end of a call that was made to fail. */
  static final String INJECTED = "(INJECTED)";

  private Strace() {}

  /**
   * Makes system calls fail that are not failing. The test is skipped where strace is missing or
   * may not trace.
   *
   * @param log where the calls are told, failed ones with {@link #INJECTED}
   * @param injections as for {@code -e inject=}, such as {@code io_setup:error=ENOSYS}
   */
  static String[] injecting(Path log, String... injections) {
    need();
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
    StringBuilder calls = new StringBuilder("trace=");
    for (String injection : injections) {
      calls.append(injection, 0, injection.indexOf(':')).append(',');
      command.add("-e");
      command.add("inject=" + injection);
    }
    command.add("--seccomp-bpf");
    command.add("-e");
    command.add(calls.substring(0, calls.length() - 1));
    return command.toArray(new String[0]);
  }

  private static void need() {
    Need.command(
        "strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=none", "-o", "/dev/null", "true");
  }
}
