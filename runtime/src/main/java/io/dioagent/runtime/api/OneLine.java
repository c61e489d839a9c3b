package io.dioagent.runtime.api;

/**
 * Writes text on one line: escapes characters that would break the line or control a terminal, such
 * as a newline in a file's name.
 */
public final class OneLine {
  private OneLine() {}

  /** Returns the text with control characters and line separators escaped; null for null. */
  public static String of(String text) {
    if (text == null) {
      return null;
    }
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      if (breaks && escaped == null) {
        escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (breaks) {
        escape(escaped, c);
      } else if (escaped != null) {
        escaped.append(c);
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  private static void escape(StringBuilder escaped, char c) {
    switch (c) {
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      default -> {
        String hex = Integer.toHexString(c);
        escaped.append("\\u").append("0000", 0, 4 - hex.length()).append(hex);
      }
    }
  }
}
