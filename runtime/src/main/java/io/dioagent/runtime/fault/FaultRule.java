package io.dioagent.runtime.fault;

import io.dioagent.runtime.api.RequestInfo;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One fault and the writes that it strikes: {@code
 * KIND[:tag=TAG][:path=GLOB][:offset=FROM-TO][:rate=0..1] [:count=N][:seed=N][:for=DURATION]}. It
 * strikes a write that has a byte in FROM up to TO. An append, whose offset is not known, is struck
 * only by rules without an offset. Thread-safe.
 */
public final class FaultRule {
  private static final PathMatcher ANY_PATH = path -> true;

  private final String text;
  private FaultKind kind;
  private PathMatcher paths = ANY_PATH;
  private Predicate<String> tagged = path -> true;
  private long fromOffset = Long.MIN_VALUE;
  private long toOffset = Long.MAX_VALUE;
  private double rate = 1;
  private long remaining = Long.MAX_VALUE;
  private Random random = new Random(1);
  private Duration time;

  private FaultRule(String text) {
    this.text = text;
  }

  /** Finds the files of a tag. */
  public interface Tags {
    /**
     * Returns whether the tag applies to a file, by its real path; null if there is no such tag.
     */
    Predicate<String> filesOf(String tag);
  }

  /**
   * Reads a rule without tags.
   *
   * @throws IllegalArgumentException if it is malformed; the message has the mistake and the
   *     expected form
   */
  public static FaultRule parse(String text) {
    return parse(text, tag -> null);
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException if it is malformed; the message has the mistake and the
   *     expected form
   */
  public static FaultRule parse(String text, Tags tags) {
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
      rule.set(words[i].substring(0, equals), words[i].substring(equals + 1), tags);
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

  private void set(String key, String value, Tags tags) {
    try {
      switch (key) {
        case "tag" -> {
          tagged = tags.filesOf(value);
          if (tagged == null) {
            throw new IllegalArgumentException(
                "fault '" + text + "': there is no tag '" + value + "', expected one of those set");
          }
        }
        case "path" -> paths = FileSystems.getDefault().getPathMatcher("glob:" + value);
        case "offset" -> {
          int dash = value.indexOf('-');
          fromOffset = bytes(value.substring(0, dash));
          toOffset = bytes(value.substring(dash + 1));
          if (fromOffset >= toOffset) {
            throw new IllegalArgumentException("empty");
          }
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
                    + "', expected tag, path, offset, rate, count, seed or for");
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
              + "', expected path=GLOB, offset=FROM-TO (bytes, k, m, g; FROM below TO), rate=0..1,"
              + " count=N, seed=N or for=TIME (ms, s, m)",
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

  /** Returns the fault. */
  public FaultKind kind() {
    return kind;
  }

  /** Returns the duration, for the kinds that take time. */
  Duration time() {
    return time;
  }

  /** Returns whether it may strike this range; counts nothing. */
  public synchronized boolean mayStrike(RequestInfo range) {
    return remaining > 0
        && range.offset() < toOffset
        && range.offset() + range.lengthBytes() > fromOffset
        && (range.offset() >= 0 || fromOffset < 0)
        && tagged.test(range.path())
        && matchesPath(range.path());
  }

  private boolean matchesPath(String path) {
    try {
      return paths == ANY_PATH || paths.matches(Path.of(path));
    } catch (InvalidPathException e) {
      return false; // A name that this process's locale cannot write (LANG=C).
    }
  }

  /** Returns whether it strikes this range, and counts it if so. */
  synchronized boolean strikes(RequestInfo range) {
    if (!mayStrike(range) || random.nextDouble() >= rate) {
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
