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
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code java -jar dio-agent.jar COMMAND}. Ends with 0; with 1 and one line on stderr if a command
 * failed; or with 2 and the usage line if it was used wrongly.
 */
@Command(
    name = Tool.COMMAND,
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
  static final String COMMAND = "java -jar dio-agent.jar";
  static final String SYNOPSIS_HEADING = "usage: ";
  private static final String PREFIX = "[dio-agent] ";
  private static final int WIDE = 400;
  private static final String HELP = "--help";
  private static final String HELP_TEXT = "prints this, or what a command takes";

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
        .customSynopsis(COMMAND + " COMMAND")
        .header(versionLine(version) + ": FileChannel writes through native AIO direct I/O", "");
    line.getCommandSpec()
        .addOption(helpOption())
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .description("prints the version")
                .build())
        .version(versionLine(version));
    for (CommandLine command : line.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      spec.usageMessage().synopsisHeading(SYNOPSIS_HEADING);
      if (spec.findOption(HELP) == null) {
        spec.addOption(helpOption());
      }
    }
    line.getSubcommands()
        .get("help")
        .getCommandSpec()
        .usageMessage()
        .header(HELP_TEXT)
        .description();
    line.setParameterExceptionHandler(Tool::wrongUsage);
    line.setExecutionExceptionHandler(Tool::failed);
    String[] restored = Arrays.stream(arguments).map(GivenText::restore).toArray(String[]::new);
    int code = line.execute(restored);
    System.out.flush();
    return code;
  }

  private static OptionSpec helpOption() {
    return OptionSpec.builder("-h", HELP).usageHelp(true).description("prints this").build();
  }

  static String versionLine(String version) {
    return "dio-agent " + version;
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

  private static int wrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine().setUsageHelpWidth(WIDE); // One line of usage.
    System.err.println(PREFIX + OneLine.of(WrongUsage.line(wrong).replace('\n', ' ')));
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
