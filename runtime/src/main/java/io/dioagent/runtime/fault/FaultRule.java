package io.dioagent.runtime.fault;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.Random;

/**
 * One fault and where it strikes: {@code KIND[:path=GLOB][:offset=FROM-TO][:rate=0..1][:count=N]
 * [:seed=N][:for=DURATION]}. Thread-safe.
 */
public final class FaultRule {
  private final String text;
  private FaultKind kind;
  private PathMatcher paths = path -> true;
  private long fromOffset;
  private long toOffset = Long.MAX_VALUE;
  private double rate = 1;
  private long remaining = Long.MAX_VALUE;
  private Random random = new Random(1);
  private Duration time;

  private FaultRule(String text) {
    this.text = text;
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException whose message says what is wrong and what is expected
   */
  public static FaultRule parse(String text) {
    String[] words = text.split(":", -1);
    FaultRule rule = new FaultRule(text);
    rule.kind = kindOf(words[0]);
    rule.time = Duration.ofMillis(rule.kind == FaultKind.LATE ? 60_000 : 100);
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "fault '" + text + "': '" + words[i] + "' is not key=value");
      }
      rule.set(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return rule;
  }

  private static FaultKind kindOf(String word) {
    StringBuilder known = new StringBuilder();
    for (FaultKind kind : FaultKind.values()) {
      if (kind.option().equals(word)) {
        return kind;
      }
      known.append(known.isEmpty() ? "" : ", ").append(kind.option());
    }
    throw new IllegalArgumentException("fault is '" + word + "', expected one of " + known);
  }

  private void set(String key, String value) {
    try {
      switch (key) {
        case "path" -> paths = FileSystems.getDefault().getPathMatcher("glob:" + value);
        case "offset" -> {
          int dash = value.indexOf('-');
          fromOffset = bytes(value.substring(0, dash));
          toOffset = bytes(value.substring(dash + 1));
        }
        case "rate" -> {
          rate = Double.parseDouble(value);
          if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate");
          }
        }
        case "count" -> remaining = Long.parseUnsignedLong(value);
        case "seed" -> random = new Random(Long.parseLong(value));
        case "for" -> time = duration(value);
        default ->
            throw new IllegalArgumentException(
                "fault '"
                    + text
                    + "': key is '"
                    + key
                    + "', expected path, offset, rate, count, seed or for");
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      if (e.getMessage() != null && e.getMessage().startsWith("fault ")) {
        throw e;
      }
      throw new IllegalArgumentException(
          "fault '"
              + text
              + "': "
              + key
              + " is '"
              + value
              + "', expected path=GLOB, offset=FROM-TO (bytes, k, m, g), rate=0..1, count=N, seed=N"
              + " or for=TIME (ms, s, m)",
          e);
    }
  }

  private static long bytes(String value) {
    int unit = "kmg".indexOf(value.charAt(value.length() - 1));
    return unit < 0
        ? Long.parseUnsignedLong(value)
        : Long.parseUnsignedLong(value.substring(0, value.length() - 1)) << (10 * (unit + 1));
  }

  private static Duration duration(String value) {
    if (value.endsWith("ms")) {
      return Duration.ofMillis(Long.parseUnsignedLong(value.substring(0, value.length() - 2)));
    }
    long number = Long.parseUnsignedLong(value.substring(0, value.length() - 1));
    return switch (value.charAt(value.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      default -> throw new IllegalArgumentException(value);
    };
  }

  /** What it makes go wrong. */
  public FaultKind kind() {
    return kind;
  }

  /** How long, for the kinds that take time. */
  Duration time() {
    return time;
  }

  /** Whether it may strike this I/O; counts nothing. */
  synchronized boolean mayStrike(String path, long offset) {
    return remaining > 0
        && offset >= fromOffset
        && offset < toOffset
        && paths.matches(Path.of(path));
  }

  /** Whether it strikes this I/O; counts it if so. */
  synchronized boolean strikes(String path, long offset) {
    if (!mayStrike(path, offset) || random.nextDouble() >= rate) {
      return false;
    }
    remaining--;
    return true;
  }

  @Override
  public String toString() {
    return text;
  }
}
