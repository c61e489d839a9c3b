package io.dioagent.agent;

import io.dioagent.agent.cli.AttachCommand;
import io.dioagent.agent.cli.Command;
import io.dioagent.agent.cli.CommandException;
import io.dioagent.agent.cli.DetachCommand;
import io.dioagent.agent.cli.HelpCommand;
import io.dioagent.agent.cli.ProbeCommand;
import io.dioagent.agent.cli.UsageException;
import io.dioagent.agent.cli.VersionCommand;
import java.io.File;
import java.io.PrintStream;
import java.util.List;

/** {@code java -jar dio-agent.jar COMMAND}. */
public final class CommandLine {
  private static final int SUCCESS = 0;
  private static final int FAILURE = 1;
  private static final int WRONG_USAGE = 2;

  private CommandLine() {}

  /**
   * Runs a command. Called by the bootstrap, by reflection.
   *
   * @param jar the agent's own jar
   * @return the exit code
   */
  public static int run(String[] arguments, File jar, String version) {
    List<Command> commands =
        List.of(
            new VersionCommand(version),
            new ProbeCommand(),
            new AttachCommand(jar),
            new DetachCommand(jar));
    Command help = new HelpCommand(version, commands);
    PrintStream out = System.out;
    try {
      Command command = arguments.length == 0 ? help : find(arguments[0], help, commands);
      boolean done =
          command.run(
              List.of(arguments).subList(Math.min(1, arguments.length), arguments.length), out);
      out.flush();
      return done ? SUCCESS : FAILURE;
    } catch (UsageException e) {
      System.err.println("usage: java -jar dio-agent.jar " + e.getMessage());
      return WRONG_USAGE;
    } catch (CommandException e) {
      System.err.println("[dio-agent] " + e.getMessage());
      return FAILURE;
    }
  }

  private static Command find(String name, Command help, List<Command> commands)
      throws UsageException {
    if (name.equals(help.name()) || name.equals("--help") || name.equals("-h")) {
      return help;
    }
    StringBuilder names = new StringBuilder(help.name());
    for (Command command : commands) {
      if (command.name().equals(name)) {
        return command;
      }
      names.append('|').append(command.name());
    }
    throw new UsageException(names.toString());
  }
}
