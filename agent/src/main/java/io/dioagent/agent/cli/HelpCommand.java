package io.dioagent.agent.cli;

import java.io.PrintStream;
import java.util.List;

/** Prints what there is. */
public final class HelpCommand implements Command {
  private final String version;
  private final List<Command> commands;

  /** Of these commands. */
  public HelpCommand(String version, List<Command> commands) {
    this.version = version;
    this.commands = List.copyOf(commands);
  }

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String purpose() {
    return "prints this";
  }

  @Override
  public boolean run(List<String> arguments, PrintStream out) throws UsageException {
    if (!arguments.isEmpty()) {
      throw new UsageException(usage());
    }
    out.println("dio-agent " + version + ": FileChannel writes through native AIO direct I/O");
    out.println();
    out.println("  java -javaagent:dio-agent.jar='tag=/data/**' -jar app.jar");
    out.println();
    print(this, out);
    for (Command command : commands) {
      print(command, out);
    }
    return true;
  }

  private static void print(Command command, PrintStream out) {
    out.printf("  java -jar dio-agent.jar %-22s %s%n", command.usage(), command.purpose());
  }
}
