package io.dioagent.agent.testing;

import java.util.List;

/**
 * The result of a JVM.
 *
 * @param command its command line
 * @param exitCode its exit code
 * @param out its stdout
 * @param err its stderr
 */
public record JvmResult(String command, int exitCode, String out, String err) {

  /** Fails with everything the JVM printed unless it ended with this exit code. */
  public JvmResult expectExit(int expected) {
    if (exitCode != expected) {
      throw new AssertionError("exit code " + exitCode + ", expected " + expected + "\n" + this);
    }
    return this;
  }

  /** The lines of stderr. */
  public List<String> errLines() {
    return err.lines().toList();
  }

  /** The lines of stdout. */
  public List<String> outLines() {
    return out.lines().toList();
  }

  @Override
  public String toString() {
    return "$ " + command + "\nexit code " + exitCode + "\nstdout:\n" + out + "\nstderr:\n" + err;
  }
}
