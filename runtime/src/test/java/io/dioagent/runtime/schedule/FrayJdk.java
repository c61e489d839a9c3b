package io.dioagent.runtime.schedule;

import org.junit.jupiter.api.Assumptions;

/** Whether this JVM runs on a JDK that Fray has instrumented. */
public final class FrayJdk {
  private FrayJdk() {}

  /** Skips a test where it does not: the build found no JDK 25 beside its own. */
  public static void skipUnlessThere() {
    boolean there =
        Object.class.getModule().getDescriptor().packages().contains("org.pastalab.fray.runtime");
    Assumptions.assumeTrue(there, "no JDK that Fray has instrumented: the build found no JDK 25");
  }
}
