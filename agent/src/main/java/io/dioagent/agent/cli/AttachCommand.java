package io.dioagent.agent.cli;

import java.io.File;
import java.io.PrintStream;
import java.util.List;

/** Loads the agent into a JVM that is running. */
public final class AttachCommand implements Command {
  private final File jar;

  /** Of this jar. */
  public AttachCommand(File jar) {
    this.jar = jar;
  }

  @Override
  public String name() {
    return "attach";
  }

  @Override
  public String arguments() {
    return "PID [OPTIONS]";
  }

  @Override
  public String purpose() {
    return "loads the agent into a running JVM, with options as after -javaagent:dio-agent.jar=";
  }

  @Override
  public boolean run(List<String> arguments, PrintStream out)
      throws UsageException, CommandException {
    if (arguments.isEmpty() || arguments.size() > 2 || !Pid.isOne(arguments.get(0))) {
      throw new UsageException(usage());
    }
    Pid.needAttach();
    String pid = arguments.get(0);
    Attacher.attach(pid, jar, arguments.size() == 2 ? arguments.get(1) : "");
    out.println("dio-agent is in process " + pid);
    return true;
  }
}
