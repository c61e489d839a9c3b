package io.dioagent.agent.boot;

import java.lang.reflect.InvocationTargetException;

/** Formats exceptions on one line. */
final class Causes {
  private Causes() {}

  /**
   * Returns the exception and its causes, outermost first, without reflection's wrappers; or the
   * module of the JDK that is missing.
   */
  static String line(Throwable thrown) {
    String missing = MissingModule.line(thrown);
    if (missing != null) {
      return missing;
    }
    StringBuilder line = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvocationTargetException) {
        continue;
      }
      if (line.length() > 0) {
        line.append("; caused by ");
      }
      line.append(cause.toString().replaceAll("\\p{Cntrl}+", " "));
    }
    return line.toString();
  }
}
