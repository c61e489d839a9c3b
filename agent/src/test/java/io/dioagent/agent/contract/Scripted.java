package io.dioagent.agent.contract;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;

/** A running {@link ScriptedApp}. Used by one thread. */
final class Scripted implements AutoCloseable {
  private final RunningJvm jvm;
  private int commands;

  private Scripted(RunningJvm jvm) {
    this.jvm = jvm;
    jvm.awaitOut("ready\n");
  }

  /** Starts it in a JVM that was made with {@link #jvm}. */
  static Scripted start(AgentJvm jvm) {
    return new Scripted(jvm.start());
  }

  /** A JVM to start it in, without an agent so far. */
  static AgentJvm jvm() {
    return AgentJvm.of(ScriptedApp.class);
  }

  /** Runs a command and answers its answer. */
  String run(String command) {
    jvm.send(command);
    return jvm.awaitLine("#" + ++commands + " ");
  }

  /** Lets it end, so that it leaves its recording. */
  void quit() {
    jvm.send("quit");
    jvm.await().expectExit(0);
  }

  RunningJvm jvmRunning() {
    return jvm;
  }

  @Override
  public void close() {
    jvm.close();
  }
}
