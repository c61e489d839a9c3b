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
 * Where the bootstrap hands over: it finds this as the provider of a service, which needs no
 * export. An application can do so, too, and gets nowhere without the JVM's own {@link
 * Instrumentation}.
 */
public final class Agent implements BiFunction<Instrumentation, String[], String> {
  private static final String START = "start";
  private static final String STOP = "stop";

  /** For the service loader. */
  public Agent() {}

  /**
   * Does a command, in premain's or agentmain's thread.
   *
   * @param command start with the options and the version of the agent's jar, or stop
   * @return null, or one line that says why it is not done; nothing was changed then
   * @throws IllegalCallerException if it is not the JVM that asks for it
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
