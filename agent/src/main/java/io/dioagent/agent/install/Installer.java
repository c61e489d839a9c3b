package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.options.AgentOptions;
import java.lang.instrument.Instrumentation;

/** Installs the agent. */
public final class Installer {
  static final String NOT_HERE = "dio-agent is not in this JVM";

  private Installer() {}

  /**
   * Installs the agent into this JVM.
   *
   * @param version of its jar
   * @throws AgentException if it failed; everything is undone then, except for a class in java.base
   *     that does nothing
   */
  public static void install(AgentOptions options, Instrumentation instrumentation, String version)
      throws AgentException {
    JavaBase.open(instrumentation);
    HookClass.define();
    Installation.install(options, instrumentation, version);
  }

  /**
   * Removes the agent from this JVM.
   *
   * @throws AgentException if it is not there, or must stay as it is
   */
  public static void uninstall() throws AgentException {
    if (!HookClass.isDefined()) { // Installation refers to that class.
      throw new AgentException(NOT_HERE);
    }
    Installation.uninstall();
  }
}
