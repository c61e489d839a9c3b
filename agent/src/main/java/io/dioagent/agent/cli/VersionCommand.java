package io.dioagent.agent.cli;

import java.io.PrintStream;
import java.util.List;

/** Prints the version. */
public final class VersionCommand implements Command {
  private final String version;

  /** Of this version. */
  public VersionCommand(String version) {
    this.version = version;
  }

  @Override
  public String name() {
    return "version";
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String purpose() {
    return "prints the version";
  }

  @Override
  public boolean run(List<String> arguments, PrintStream out) throws UsageException {
    if (!arguments.isEmpty()) {
      throw new UsageException(usage());
    }
    out.println("dio-agent " + version);
    return true;
  }
}
