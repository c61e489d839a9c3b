package io.dioagent.agent.boot;

import java.io.IOException;

/** {@code java -jar dio-agent.jar}. */
public final class Main {
  private static final String PREFIX = "[dio-agent] ";

  private Main() {}

  /**
   * Runs a command and ends the JVM with 0, with 1 if it failed, or with 2 if it was used wrongly.
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Returns the version in the jar's manifest. */
  private static String version() {
    return String.valueOf(Main.class.getPackage().getImplementationVersion());
  }

  private static int run(String[] arguments) {
    String unsupported = SupportedPlatform.whyNot();
    if (unsupported != null) {
      System.err.println(PREFIX + unsupported);
      return 1;
    }
    try {
      AgentLayer layer = AgentLayer.ofTools();
      layer.enableNativeAccess(JnaConstants.MODULE);
      return layer.runTool(arguments, version());
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      System.err.println(PREFIX + Causes.line(e));
      return 1;
    }
  }
}
