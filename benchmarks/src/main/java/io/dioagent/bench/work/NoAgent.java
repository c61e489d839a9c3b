package io.dioagent.bench.work;

/** An agent that does nothing, to measure the cost of any {@code -javaagent}. */
public final class NoAgent {
  private NoAgent() {}

  /** Called by the JVM before main. */
  public static void premain(String options) {}
}
