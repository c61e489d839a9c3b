package io.dioagent.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes wrong arguments in one line: what is wrong, what is expected, what to do. */
final class WrongUsage {
  private final CommandSpec command;

  private WrongUsage(CommandSpec command) {
    this.command = command;
  }

  static String line(ParameterException wrong) {
    return new WrongUsage(wrong.getCommandLine().getCommandSpec()).text(wrong);
  }

  private String text(ParameterException wrong) {
    if (wrong instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing.getMissing().get(0)) + help();
    } else if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().get(0), unmatched.isUnknownOption()) + help();
    } else if (wrong.getArgSpec() != null && wrong.getValue() != null) {
      return "wrong value '"
          + wrong.getValue()
          + "' of "
          + name(wrong.getArgSpec())
          + ", expected "
          + wrong.getArgSpec().paramLabel()
          + help();
    }
    return wrong.getMessage().replaceAll("\\.$", "") + help();
  }

  private static String missing(ArgSpec argument) {
    return argument.isOption()
        ? name(argument) + " has no value, expected " + argument.paramLabel()
        : "no " + argument.paramLabel() + ", expected " + expected((PositionalParamSpec) argument);
  }

  private static String expected(PositionalParamSpec argument) {
    String[] described = argument.description();
    return described.length == 0 ? argument.paramLabel() : described[0].split(";", 2)[0];
  }

  private String unmatched(String argument, boolean option) {
    if (option || argument.startsWith("-")) {
      return "there is no option '"
          + argument
          + "', expected "
          + command.options().stream()
              .map(OptionSpec::longestName)
              .collect(Collectors.joining(", "));
    } else if (isRoot()) {
      return "there is no command '" + argument + "', expected " + commands();
    }
    List<String> labels = new ArrayList<>();
    command.positionalParameters().forEach(one -> labels.add(one.paramLabel()));
    return "too many arguments from '"
        + argument
        + "' on, expected "
        + (labels.isEmpty() ? "none" : "at most " + String.join(" and ", labels));
  }

  private String commands() {
    CommandSpec root = command.root();
    return String.join(", ", root.subcommands().keySet());
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private boolean isRoot() {
    return command.parent() == null;
  }

  private String help() {
    CommandLine root = command.root().commandLine();
    return "; see '"
        + root.getCommandName()
        + " help"
        + (isRoot() ? "" : " " + command.name())
        + "'";
  }
}
