package io.dioagent.jmc.rules;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A tag's glob, as the agent understands it: {@code *} and {@code ?} stay within a name, {@code **}
 * crosses directories and {@code /**}{@code /} is also none, {@code [a-z]}, {@code [!a-z]}, <code>
 * {a,b}</code>, and {@code \} before a character that is meant as it is.
 *
 * <p>Not {@link java.nio.file.PathMatcher}, which means something else by {@code **}, and depends
 * on the machine that looks at the recording. Immutable.
 */
final class Glob {
  private final String text;
  private final Pattern whole;

  /** Of what follows the directory that the glob begins with. */
  private final Pattern rest;

  Glob(String text) {
    this.text = text;
    whole = pattern(text);
    rest = pattern(text.substring(text.substring(0, literalEnd(text)).lastIndexOf('/') + 1));
  }

  boolean matches(String path) {
    return whole.matcher(path).matches();
  }

  /**
   * Whether it may match a path by way of a symbolic link: the agent resolves the directory that a
   * glob begins with, and a recording has the glob as it was written.
   */
  boolean mayMatchByLink(String path) {
    for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      if (rest.matcher(path.substring(at + 1)).matches()) {
        return true;
      }
    }
    return false;
  }

  private static int literalEnd(String glob) {
    int end = 0;
    while (end < glob.length() && "*?[{\\".indexOf(glob.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static Pattern pattern(String glob) {
    try {
      return Pattern.compile(new Translation(glob).regex(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      // The agent takes no such glob, so nobody's file is missed.
      return Pattern.compile(Pattern.quote(glob));
    }
  }

  @Override
  public String toString() {
    return text;
  }

  /** From glob to regular expression, in one pass. */
  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private int braces;

    Translation(String glob) {
      this.glob = glob;
    }

    String regex() {
      while (at < glob.length()) {
        char c = glob.charAt(at++);
        switch (c) {
          case '*' -> star();
          case '?' -> regex.append("[^/]");
          case '[' -> set();
          case '{' -> {
            braces++;
            regex.append("(?:");
          }
          case '}' -> {
            braces--;
            regex.append(')');
          }
          case ',' -> regex.append(braces > 0 ? '|' : ',');
          case '\\' -> literal(at < glob.length() ? glob.charAt(at++) : '\\');
          default -> literal(c);
        }
      }
      return regex.toString();
    }

    private void star() {
      if (!glob.startsWith("*", at)) {
        regex.append("[^/]*");
        return;
      }
      boolean afterSlash = at == 1 || glob.charAt(at - 2) == '/';
      at++;
      if (afterSlash && glob.startsWith("/", at)) {
        at++;
        regex.append("(?:.*/)?");
      } else {
        regex.append(".*");
      }
    }

    private void set() {
      boolean negated = glob.startsWith("!", at) || glob.startsWith("^", at);
      int from = negated ? at + 1 : at;
      int to = glob.indexOf(']', from + 1); // One that comes first is a member.
      if (to < 0) {
        literal('[');
        return;
      }
      regex.append(negated ? "[^/" : "(?!/)[");
      for (int i = from; i < to; i++) {
        char c = glob.charAt(i);
        boolean range = c == '-' && i > from && i < to - 1;
        regex.append(!range && "\\[]^&-".indexOf(c) >= 0 ? "\\" : "").append(c);
      }
      regex.append(']');
      at = to + 1;
    }

    private void literal(char c) {
      regex.append(Pattern.quote(String.valueOf(c)));
    }
  }
}
