package io.dioagent.agent.cli;

import picocli.CommandLine.Parameters;

/** The JVM that a command goes to. */
final class Target {
  @Parameters(index = "0", paramLabel = "PID", description = "process id of a running JVM")
  private long pid;

  /**
   * The process id, once this Java runtime is known to be able to attach.
   *
   * @throws CommandException if it is not
   */
  String pid() throws CommandException {
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new CommandException(
          "this Java runtime has no module jdk.attach, expected one that has, such as a JDK: "
              + System.getProperty("java.home"),
          null);
    }
    return String.valueOf(pid);
  }
}
