package io.dioagent.agent.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The JVM that a command goes to. */
final class Target {
  static final String LABEL = "JVM";
  static final String DESCRIPTION = "a running JVM: its process id, its main class, or its jar";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(index = "0", paramLabel = LABEL, description = DESCRIPTION)
  private String jvm;

  /** Returns the process id, as {@link #pid(String, CommandSpec)}. */
  String pid() throws CommandException {
    return pid(jvm, command);
  }

  /**
   * Returns the process id of the JVM that an argument names.
   *
   * @param command the command with this argument
   * @throws CommandException if this Java runtime cannot attach
   * @throws ParameterException if the argument names no JVM, or several
   */
  static String pid(String jvm, CommandSpec command) throws CommandException {
    needAttach();
    if (jvm.matches("[0-9]{1,18}")) {
      return String.valueOf(Long.parseLong(jvm));
    }
    List<String> named = Attacher.named(jvm);
    if (named.size() == 1) {
      return named.get(0);
    }
    throw new ParameterException(
        command.commandLine(),
        named.isEmpty()
            ? "no JVM runs '"
                + jvm
                + "', expected a process id, or the main class or jar of a running JVM; jps -l"
                + " lists them"
            : named.size()
                + " JVMs run '"
                + jvm
                + "', expected one; give its process id: "
                + String.join(", ", named));
  }

  /**
   * Checks whether this Java runtime can attach.
   *
   * @throws CommandException if it cannot
   */
  static void needAttach() throws CommandException {
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new CommandException(
          "this Java runtime has no module jdk.attach, expected one that has, such as a JDK: "
              + System.getProperty("java.home"),
          null);
    }
  }
}
