package io.dioagent.agent;

import io.dioagent.agent.install.Installer;
import io.dioagent.agent.options.AgentOptions;
import io.dioagent.agent.options.OptionException;
import io.dioagent.agent.options.OptionParser;
import io.dioagent.agent.options.RealPaths;
import io.dioagent.runtime.api.OneLine;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;

/**
 * The entry from the bootstrap, which finds this as the provider of a service, without an export.
 * An application can find it, too, but cannot use it without the JVM's own {@link Instrumentation}.
 */
public final class Agent implements BiFunction<Instrumentation, String[], String> {
  private static final String START = "start";
  private static final String STOP = "stop";

  /** For the service loader. */
  public Agent() {}

  /**
   * Executes a command, in premain's or agentmain's thread.
   *
   * @param command start with the options and the version of the agent's jar, or stop
   * @return null, or one line with the reason why it failed; nothing was changed then
   * @throws IllegalCallerException if the caller is not the JVM
   */
  @Override
  public String apply(Instrumentation instrumentation, String[] command) {
    if (instrumentation == null
        || instrumentation.getClass().getModule() != Instrumentation.class.getModule()) {
      throw new IllegalCallerException("dio-agent serves the JVM only");
    }
    try {
      switch (command[0]) {
        case START -> start(command[1], instrumentation, command[2]);
        case STOP -> Installer.uninstall();
        default -> throw new IllegalArgumentException(command[0]);
      }
      return null;
    } catch (OptionException | AgentException e) {
      return OneLine.of(e.getMessage());
    }
  }

  private static void start(String options, Instrumentation instrumentation, String version)
      throws OptionException, AgentException {
    AgentOptions parsed = OptionParser.parse(options, System.getProperties(), System.getenv());
    AgentLog.setLevel(parsed.logLevel());
    Installer.install(RealPaths.of(parsed), instrumentation, version);
  }
}
