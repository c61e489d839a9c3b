package io.dioagent.agent.cli;

import java.io.File;
import java.io.PrintStream;
import java.util.List;

/** Takes the agent out of a JVM that is running. */
public final class DetachCommand implements Command {
  /** What the target's AgentBoot understands instead of options. */
  private static final String DETACH = "detach";

  private final File jar;

  /** Of this jar. */
  public DetachCommand(File jar) {
    this.jar = jar;
  }

  @Override
  public String name() {
    return "detach";
  }

  @Override
  public String arguments() {
    return "PID";
  }

  @Override
  public String purpose() {
    return "takes the agent out of a running JVM: its writes are the JDK's own again";
  }

  @Override
  public boolean run(List<String> arguments, PrintStream out)
      throws UsageException, CommandException {
    if (arguments.size() != 1 || !Pid.isOne(arguments.get(0))) {
      throw new UsageException(usage());
    }
    Pid.needAttach();
    String pid = arguments.get(0);
    Attacher.attach(pid, jar, DETACH);
    out.println("dio-agent has left process " + pid);
    return true;
  }
}
