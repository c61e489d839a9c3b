package io.dioagent.agent;

import io.dioagent.agent.install.Installer;
import io.dioagent.agent.options.AgentOptions;
import io.dioagent.agent.options.OptionException;
import io.dioagent.agent.options.OptionParser;
import io.dioagent.agent.options.RealPaths;
import io.dioagent.runtime.OneLine;
import java.lang.instrument.Instrumentation;

/** Where the bootstrap hands over. */
public final class Agent {
  private Agent() {}

  /**
   * Starts the agent. Called by the bootstrap, by reflection, in premain's or agentmain's thread.
   *
   * @param version of the agent's jar
   * @return null, or one line that says why the agent did not start; nothing was changed then
   */
  public static String start(String options, Instrumentation instrumentation, String version) {
    try {
      AgentOptions parsed = OptionParser.parse(options, System.getProperties(), System.getenv());
      AgentLog.setLevel(parsed.logLevel());
      Installer.install(RealPaths.of(parsed), instrumentation, version);
      return null;
    } catch (OptionException | AgentException e) {
      return OneLine.of(e.getMessage());
    }
  }

  /**
   * Takes the agent out. Called by the bootstrap, by reflection, in agentmain's thread.
   *
   * @return null, or one line that says why it stays
   */
  public static String stop() {
    try {
      Installer.uninstall();
      return null;
    } catch (AgentException e) {
      return e.getMessage();
    }
  }
}
