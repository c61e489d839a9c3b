package io.dioagent.agent.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of strace(1), to put before a JVM's. */
public final class Strace {
  /** At the end of a call that was made to fail. */
  public static final String INJECTED = "(INJECTED)";

  private Strace() {}

  /**
   * Makes system calls fail that are not failing. The test is skipped where strace is missing or
   * may not trace.
   *
   * @param log where the calls are logged, failed ones with {@link #INJECTED}
   * @param injections as for {@code -e inject=}, such as {@code io_setup:error=ENOSYS}
   */
  public static String[] injecting(Path log, String... injections) {
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

  /**
   * Logs system calls, with the paths of their descriptors, and may make some of them fail; see
   * {@link #injecting}.
   *
   * @param calls which, comma-separated; those of the injections must be among them
   */
  public static String[] tracing(Path log, String calls, String... injections) {
    need();
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-qq", "-y", "-o", log.toString()));
    for (String injection : injections) {
      command.addAll(List.of("-e", "inject=" + injection));
    }
    command.addAll(List.of("--seccomp-bpf", "-e", "trace=" + calls));
    return command.toArray(new String[0]);
  }

  private static void need() {
    Need.command(
        "strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=none", "-o", "/dev/null", "true");
  }
}
