package io.dioagent.agent.cli;

import io.dioagent.agent.options.GivenText;
import io.dioagent.runtime.api.OneLine;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code java -jar dio-agent.jar COMMAND}. Ends with 0; with 1 and one line on stderr if a command
 * failed; or with 2 and the usage line if it was used wrongly.
 */
@Command(
    name = "java -jar dio-agent.jar",
    synopsisSubcommandLabel = "COMMAND",
    synopsisHeading = Tool.SYNOPSIS_HEADING,
    commandListHeading = "%n",
    footerHeading = "%n",
    footer = {
      "As an agent:  java -javaagent:dio-agent.jar='tag=/data/**' -jar app.jar",
      "Exit codes:   0 done; 1 not done, with a line that says why; 2 wrong usage"
    },
    subcommands = {
      CommandLine.HelpCommand.class,
      VersionCommand.class,
      ProbeCommand.class,
      AttachCommand.class,
      StatusCommand.class,
      DetachCommand.class,
      ReportCommand.class,
      CompletionCommand.class
    })
public final class Tool implements Runnable {
  static final String SYNOPSIS_HEADING = "usage: ";
  private static final String PREFIX = "[dio-agent] ";

  private final File jar;
  private final String version;

  @Spec private CommandSpec spec;

  private Tool(File jar, String version) {
    this.jar = jar;
    this.version = version;
  }

  /**
   * Runs a command. Called by the bootstrap, by reflection.
   *
   * @param jar the agent's own jar
   * @return the exit code
   */
  public static int run(String[] arguments, File jar, String version) {
    printUtf8InAscii();
    CommandLine line = new CommandLine(new Tool(jar, version));
    line.getCommandSpec()
        .usageMessage()
        .header("dio-agent " + version + ": FileChannel writes through native AIO direct I/O", "");
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().usageMessage().synopsisHeading(SYNOPSIS_HEADING);
    }
    describe(line, "help", "prints this, or what a command takes");
    line.setParameterExceptionHandler(Tool::wrongUsage);
    line.setExecutionExceptionHandler(Tool::failed);
    String[] restored = Arrays.stream(arguments).map(GivenText::restore).toArray(String[]::new);
    int code = line.execute(restored);
    System.out.flush();
    return code;
  }

  /**
   * Replaces the encoding of the locale C, in which the JDK prints non-ASCII characters as question
   * marks, also in paths.
   */
  private static void printUtf8InAscii() {
    String encoding = System.getProperty("sun.jnu.encoding");
    if (Charset.isSupported(encoding)
        && Charset.forName(encoding).equals(StandardCharsets.US_ASCII)) {
      System.setOut(utf8(FileDescriptor.out));
      System.setErr(utf8(FileDescriptor.err));
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Sets the description of picocli's own command. */
  private static void describe(CommandLine line, String name, String what) {
    CommandSpec command = line.getSubcommands().get(name).getCommandSpec();
    command.usageMessage().header(what).description();
  }

  private static int wrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    System.err.println(PREFIX + OneLine.of(wrong.getMessage().replace('\n', ' ')));
    System.err.print(SYNOPSIS_HEADING + command.getHelp().synopsis(0));
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CommandException) {
      System.err.println(PREFIX + OneLine.of(e.getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw e; // A defect of the tool: thrown with its stack.
  }

  /** Runs if no command is given. */
  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  File jar() {
    return jar;
  }

  String version() {
    return version;
  }

  PrintStream out() {
    return System.out;
  }
}
