package io.dioagent.agent.it;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;

/** A running {@link CommandedApp}. Used by one thread. */
final class Commanded implements AutoCloseable {
  private final RunningJvm jvm;
  private int commands;

  private Commanded(RunningJvm jvm) {
    this.jvm = jvm;
    jvm.awaitOut("ready\n");
  }

  /** Starts one, without an agent. */
  static Commanded start() {
    return new Commanded(AgentJvm.of(CommandedApp.class).start());
  }

  /** Starts one with an agent and JVM arguments. */
  static Commanded start(String agentOptions, String... jvmArguments) {
    return new Commanded(
        AgentJvm.of(CommandedApp.class).agent(agentOptions).jvm(jvmArguments).start());
  }

  /** Starts one in a JVM that is ready to run {@link CommandedApp}. */
  static Commanded start(AgentJvm jvm) {
    return new Commanded(jvm.start());
  }

  /** Starts one without an agent, but with JVM arguments. */
  static Commanded startPlain(String... jvmArguments) {
    return new Commanded(AgentJvm.of(CommandedApp.class).jvm(jvmArguments).start());
  }

  /** Runs a command, and returns its answer. */
  String run(String command) {
    jvm.send(command);
    return jvm.awaitLine("#" + ++commands + " ");
  }

  RunningJvm jvm() {
    return jvm;
  }

  @Override
  public void close() {
    jvm.close();
  }
}
