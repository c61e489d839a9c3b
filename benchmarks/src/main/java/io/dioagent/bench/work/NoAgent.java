package io.dioagent.bench.work;

/** An agent that does nothing: what any {@code -javaagent} costs a JVM. */
public final class NoAgent {
  private NoAgent() {}

  /** Called by the JVM before main. */
  public static void premain(String options) {}
}
