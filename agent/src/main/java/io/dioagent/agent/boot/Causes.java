package io.dioagent.agent.boot;

import java.lang.reflect.InvocationTargetException;

/** Formats exceptions on one line. */
final class Causes {
  private Causes() {}

  /** Returns the exception and its causes, outermost first, without reflection's wrappers. */
  static String line(Throwable thrown) {
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
