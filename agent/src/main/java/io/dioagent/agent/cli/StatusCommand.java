package io.dioagent.agent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what the agent in a running JVM is doing, or which JVMs carry the agent. */
@Command(
    name = "status",
    description =
        "shows what is in flight in a running JVM, for how long, and who waits for it; without JVM,"
            + " lists those that carry the agent")
final class StatusCommand implements Callable<Integer> {
  private static final Path OUT = Path.of("/proc/self/fd/1");

  /** Moves a terminal's cursor to the top, and clears the rest. */
  private static final String CLEAR = "\033[H\033[2J";

  @ParentCommand private Tool tool;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = Target.LABEL,
      description = Target.DESCRIPTION)
  private String jvm;

  @Option(names = "--json", description = "as JSON: sizes in bytes, times in nanoseconds")
  private boolean json;

  @Option(names = "--watch", description = "shows it again and again, until the JVM has ended")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "between two views of --watch; default: 2")
  private int intervalSeconds;

  @Override
  public Integer call() throws CommandException {
    if (intervalSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "wrong value " + intervalSeconds + " of --interval, expected a number of seconds from 1");
    }
    Target.needAttach();
    String pid = jvm == null ? null : Target.pid(jvm, spec);
    show(pid);
    boolean goesOn = watch;
    while (goesOn) {
      pause();
      goesOn = showAgain(pid);
    }
    return 0;
  }

  private void show(String pid) throws CommandException {
    if (pid == null) {
      AgentList list = AgentList.find();
      if (json) {
        tool.out().println(list.json());
      } else {
        begin();
        list.print(tool.out());
      }
    } else if (json) {
      tool.out().println(Attacher.status(pid));
    } else {
      StatusText text = new StatusText(Attacher.status(pid));
      begin();
      text.print(tool.out());
    }
  }

  /** Prints what separates two views for a reader. */
  private void begin() {
    if (watch) {
      tool.out().print(isTerminal() ? CLEAR : "");
      LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
      tool.out().println("at " + now.truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** Returns false if the JVM has ended. */
  private boolean showAgain(String pid) throws CommandException {
    try {
      show(pid);
      return true;
    } catch (CommandException e) {
      if (pid == null) {
        throw e;
      }
      pause(); // A JVM that is ending may still be there.
      if (!JvmProcess.hasEnded(pid)) {
        throw e;
      }
      if (!json) {
        tool.out().println("process " + pid + " has ended");
      }
      return false;
    }
  }

  private static boolean isTerminal() {
    try {
      String out = Files.readSymbolicLink(OUT).toString();
      return out.startsWith("/dev/pts/") || out.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private void pause() {
    try {
      TimeUnit.SECONDS.sleep(intervalSeconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
