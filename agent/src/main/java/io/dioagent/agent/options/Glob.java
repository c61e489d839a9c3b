package io.dioagent.agent.options;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An absolute glob on real paths. {@code *} and {@code ?} stay within a name, {@code **} crosses
 * directories (and {@code /**}{@code /} also matches none), {@code [a-z]} and {@code [!a-z]} are
 * one character, <code>{a,b}</code> are alternatives, and {@code \} makes the next character
 * literal.
 *
 * <p>Does not use {@code java.nio.file.PathMatcher}: options are read before main, when that
 * package is not initialised yet.
 *
 * <p>Immutable.
 */
public final class Glob {
  private static final String REGEX_SPECIAL = "\\^$.|?*+()[]{}";
  private static final String GLOB_SPECIAL = "*?[{\\";

  private final String text;
  private final String literalPrefix;
  private final Pattern pattern;

  private Glob(String text, String literalPrefix, Pattern pattern) {
    this.text = text;
    this.literalPrefix = literalPrefix;
    this.pattern = pattern;
  }

  /**
   * Compiles a glob.
   *
   * @throws IllegalArgumentException if it is malformed; the message says what is expected
   */
  public static Glob of(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a relative glob, expected an absolute one like /data/**");
    }
    for (String name : text.split("/", -1)) {
      if (name.equals(".") || name.equals("..")) {
        throw new IllegalArgumentException(
            "matches nothing, for real paths have no \"" + name + "\"; expected a glob without");
      }
    }
    if (text.contains("//")) {
      throw new IllegalArgumentException(
          "matches nothing, for real paths have no \"//\"; expected a glob without");
    }
    try {
      Pattern pattern = Pattern.compile(new Translation(text).regex(), Pattern.DOTALL);
      return new Glob(text, literalPrefix(text), pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("a malformed glob: " + e.getDescription(), e);
    }
  }

  /** Whether a real path matches. */
  public boolean matches(String path) {
    return path.startsWith(literalPrefix) && pattern.matcher(path).matches();
  }

  /** Returns the part before the first special character, cut after its last slash. */
  String literalDirectory() {
    return literalPrefix.substring(0, literalPrefix.lastIndexOf('/') + 1);
  }

  /** Returns the same glob with its literal directory replaced. */
  Glob inDirectory(String directory) {
    return of(escape(directory) + text.substring(literalDirectory().length()));
  }

  private static String escape(String path) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (GLOB_SPECIAL.indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  private static String literalPrefix(String text) {
    int end = 0;
    while (end < text.length() && GLOB_SPECIAL.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(0, end);
  }

  /** Returns the glob as written. */
  @Override
  public String toString() {
    return text;
  }

  /** Translates one glob. Used by one thread, once. */
  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int next;
    private int openBraces;

    Translation(String glob) {
      this.glob = glob;
    }

    String regex() {
      while (next < glob.length()) {
        translate(glob.charAt(next++));
      }
      if (openBraces > 0) {
        throw new IllegalArgumentException("a malformed glob: { without }, expected {a,b}");
      }
      return regex.toString();
    }

    private void translate(char c) {
      switch (c) {
        case '*' -> asterisk();
        case '?' -> regex.append("[^/]");
        case '[' -> characterClass();
        case '{' -> openBrace();
        case '}' -> closeBrace();
        case ',' -> regex.append(openBraces > 0 ? "|" : ",");
        case '\\' -> escaped();
        default -> literal(c);
      }
    }

    private void escaped() {
      if (next == glob.length()) {
        throw new IllegalArgumentException(
            "a malformed glob: \\ at its end, expected a character after it");
      }
      literal(glob.charAt(next++));
    }

    private void openBrace() {
      openBraces++;
      regex.append("(?:");
    }

    private void asterisk() {
      if (!glob.startsWith("*", next)) {
        regex.append("[^/]*");
        return;
      }
      boolean wholeNames = next >= 2 && glob.charAt(next - 2) == '/';
      next++;
      if (wholeNames && glob.startsWith("/", next)) {
        next++;
        regex.append("(?:.*/)?");
      } else {
        regex.append(".*");
      }
    }

    private void closeBrace() {
      if (openBraces == 0) {
        throw new IllegalArgumentException("a malformed glob: } without {, expected {a,b}");
      }
      openBraces--;
      regex.append(')');
    }

    private void characterClass() {
      boolean negated = next < glob.length() && "!^".indexOf(glob.charAt(next)) >= 0;
      int first = negated ? next + 1 : next;
      int end = glob.indexOf(']', first + 1); // A ] that comes first is one of the characters.
      if (first >= glob.length() || end < 0) {
        throw new IllegalArgumentException("a malformed glob: [ without ], expected [a-z]");
      }
      regex.append(negated ? "[^/" : "(?!/)[");
      for (int i = first; i < end; i++) {
        char c = glob.charAt(i);
        if (c == '-' && i > first && i < end - 1) {
          regex.append('-');
        } else {
          escapedInClass(c);
        }
      }
      regex.append(']');
      next = end + 1;
    }

    private void escapedInClass(char c) {
      if ("\\[]^&-".indexOf(c) >= 0) {
        regex.append('\\');
      }
      regex.append(c);
    }

    private void literal(char c) {
      if (REGEX_SPECIAL.indexOf(c) >= 0) {
        regex.append('\\');
      }
      regex.append(c);
    }
  }
}
