package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;

/** Loads JNA for the command line, where no application shares the JVM. */
public final class Natives {
  private Natives() {}

  /** Loads it; the bootstrap has granted it native access. */
  public static void load() throws AgentException {
    JnaLibrary.load();
  }
}
