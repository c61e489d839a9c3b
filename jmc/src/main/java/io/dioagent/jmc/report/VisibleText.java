package io.dioagent.jmc.report;

/**
 * Makes text of a recording, such as a file's name, safe to look at: characters that move, hide or
 * reverse others become {@code \n} or <code>&#92;u202E</code>. This class does not escape markup;
 * the page does.
 */
final class VisibleText {
  /** Longer text is cut. In characters. */
  private static final int MAX_LINE = 4096;

  /** Longer stacks are cut. In characters. */
  private static final int MAX_STACK = 65536;

  private static final String CUT = " …";

  private VisibleText() {}

  /** Returns the text in one line; null stays null. */
  static String line(String text) {
    return text == null ? null : escaped(text, MAX_LINE, false);
  }

  /** Returns the text with its lines, without blanks at the end; null stays null. */
  static String lines(String text) {
    return text == null ? null : escaped(text.stripTrailing(), MAX_STACK, true);
  }

  private static String escaped(String text, int maxChars, boolean keepLines) {
    StringBuilder visible = new StringBuilder(Math.min(text.length(), maxChars) + 16);
    for (int i = 0; i < text.length(); ) {
      if (visible.length() >= maxChars) {
        return visible.append(CUT).toString();
      }
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      if (isPlain(character) || (keepLines && (character == '\n' || character == '\t'))) {
        visible.appendCodePoint(character);
      } else if (character == '\n') {
        visible.append("\\n");
      } else if (character == '\t') {
        visible.append("\\t");
      } else {
        visible.append(String.format("\\u%04X", character));
      }
    }
    return visible.toString();
  }

  private static boolean isPlain(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
