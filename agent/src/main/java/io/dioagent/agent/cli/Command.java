package io.dioagent.agent.cli;

import java.io.PrintStream;
import java.util.List;

/** One verb of the command line. */
public interface Command {
  /** The verb. */
  String name();

  /** Its arguments, as a usage line shows them; empty for none. */
  String arguments();

  /** What it does, in one line. */
  String purpose();

  /**
   * Runs it.
   *
   * @return whether it succeeded
   * @throws UsageException if the arguments are wrong
   * @throws CommandException if it could not do what it should: the message is one line
   */
  boolean run(List<String> arguments, PrintStream out) throws UsageException, CommandException;

  /** For {@link UsageException}. */
  default String usage() {
    return arguments().isEmpty() ? name() : name() + " " + arguments();
  }
}
