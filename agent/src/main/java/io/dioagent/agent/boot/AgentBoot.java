package io.dioagent.agent.boot;

import java.io.IOException;
import java.lang.instrument.Instrumentation;

/** Where the JVM enters the agent: at start by {@code -javaagent}, or by attaching. */
public final class AgentBoot {
  private static final String PREFIX = "[dio-agent] ";

  /**
   * What went wrong with the last attach, for the attacher to read: the attach protocol itself
   * carries no message. {@code io.dioagent.agent.cli} reads it.
   */
  private static final String ATTACH_ERROR_PROPERTY = "io.dioagent.attach.error";

  /** Instead of options, which all have a "=": takes the agent out. Used by the command line. */
  private static final String DETACH = "detach";

  private static final String AGENT_CLASS = "io.dioagent.agent.Agent";

  /**
   * Opened once: JFR and JNA would keep each one. Used by the thread of premain, then by the one
   * that serves attachers.
   */
  private static AgentLayer layer;

  private AgentBoot() {}

  /** Called by the JVM before main. Ends the JVM, with one line on stderr, if it fails. */
  public static void premain(String options, Instrumentation instrumentation) {
    String error = start(options, instrumentation);
    if (error != null) {
      System.err.println(PREFIX + error);
      System.exit(1);
    }
  }

  /**
   * Called by the JVM on attach.
   *
   * @throws IllegalStateException with one line if it fails; nothing was changed then
   */
  public static void agentmain(String options, Instrumentation instrumentation) {
    System.clearProperty(ATTACH_ERROR_PROPERTY);
    String error = DETACH.equals(options) ? stop() : start(options, instrumentation);
    if (error != null) {
      System.setProperty(ATTACH_ERROR_PROPERTY, error);
      throw new IllegalStateException(PREFIX + error);
    }
  }

  /** Answers null, or one line that says what is wrong. */
  private static String start(String options, Instrumentation instrumentation) {
    String unsupported = SupportedPlatform.whyNot();
    if (unsupported != null) {
      return unsupported;
    }
    try {
      String version = String.valueOf(AgentBoot.class.getPackage().getImplementationVersion());
      return (String)
          agent()
              .getMethod("start", String.class, Instrumentation.class, String.class)
              .invoke(null, options, instrumentation, version);
    } catch (Throwable e) { // Whatever leaves premain would abort the JVM with a stack trace.
      return "cannot start: " + Causes.line(e);
    }
  }

  private static synchronized Class<?> agent() throws IOException, ClassNotFoundException {
    if (layer == null) {
      layer = AgentLayer.ofAgent();
    }
    return layer.loadClass(AGENT_CLASS);
  }

  /** Answers null, or one line that says what is wrong. */
  private static String stop() {
    try {
      return (String) agent().getMethod("stop").invoke(null);
    } catch (Throwable e) {
      return "cannot stop: " + Causes.line(e);
    }
  }
}
