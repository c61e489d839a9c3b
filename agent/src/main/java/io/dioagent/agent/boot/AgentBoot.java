package io.dioagent.agent.boot;

import java.lang.instrument.Instrumentation;

/**
 * The JVM's entry to the agent: at start by {@code -javaagent}, or by attaching.
 *
 * <p>Applications share this class's module and could set its fields, so it has none. It serves the
 * JVM only.
 */
public final class AgentBoot {
  private static final String PREFIX = "[dio-agent] ";

  /**
   * Holds the error of the last attach, because the attach protocol itself carries no message.
   * {@code io.dioagent.agent.cli} reads it.
   */
  private static final String ATTACH_ERROR_PROPERTY = "io.dioagent.attach.error";

  /** Removes the agent, in place of options, which all have a "=". Used by the command line. */
  private static final String DETACH = "detach";

  private AgentBoot() {}

  /**
   * Called by the JVM before main. Ends the JVM, with one line on stderr, if it fails.
   *
   * @throws IllegalCallerException if the JVM is not the caller
   */
  public static void premain(String options, Instrumentation instrumentation) {
    requireJvm(instrumentation);
    String error = start(options, instrumentation);
    if (error != null) {
      System.err.println(PREFIX + error);
      exit();
    }
  }

  /**
   * Ends the JVM. A policy allows that to each class of the class path; a manager without one may
   * not.
   */
  private static void exit() {
    try {
      System.exit(1);
    } catch (SecurityException e) {
      System.err.println(PREFIX + "must not end the JVM: " + e.getMessage());
    }
  }

  /**
   * Called by the JVM on attach.
   *
   * @throws IllegalCallerException if the JVM is not the caller
   * @throws IllegalStateException with one line if it fails; nothing was changed then
   */
  public static void agentmain(String options, Instrumentation instrumentation) {
    requireJvm(instrumentation);
    reportToAttacher(null);
    String error = DETACH.equals(options) ? stop(instrumentation) : start(options, instrumentation);
    if (error != null) {
      reportToAttacher(error);
      throw new IllegalStateException(PREFIX + error);
    }
  }

  /**
   * Passes an error to the attacher; null for none. Without the right to do so, logs it to stderr.
   */
  private static void reportToAttacher(String error) {
    try {
      String unused =
          error == null
              ? System.clearProperty(ATTACH_ERROR_PROPERTY)
              : System.setProperty(ATTACH_ERROR_PROPERTY, error);
    } catch (SecurityException e) {
      if (error != null) {
        System.err.println(PREFIX + error);
      }
    }
  }

  /** Rejects callers without an object of the JDK's own class: a JVM passes it to agents only. */
  private static void requireJvm(Instrumentation instrumentation) {
    if (instrumentation == null
        || instrumentation.getClass().getModule() != Instrumentation.class.getModule()) {
      throw new IllegalCallerException(
          PREFIX
              + "the caller is an application, expected the JVM (by -javaagent, or by attaching)");
    }
  }

  /** Returns null, or one line with the error. */
  private static String start(String options, Instrumentation instrumentation) {
    try {
      String obstacle = Permissions.missing();
      obstacle = obstacle == null ? SupportedPlatform.whyNot() : obstacle;
      return obstacle == null
          ? LoadedAgent.of(instrumentation).start(options, instrumentation)
          : obstacle;
    } catch (Throwable e) { // Whatever leaves premain would abort the JVM with a stack trace.
      return "cannot start: " + Causes.line(e);
    }
  }

  /** Returns null, or one line with the error. */
  private static String stop(Instrumentation instrumentation) {
    try {
      String obstacle = Permissions.missing();
      return obstacle == null ? LoadedAgent.of(instrumentation).stop(instrumentation) : obstacle;
    } catch (Throwable e) {
      return "cannot stop: " + Causes.line(e);
    }
  }
}
