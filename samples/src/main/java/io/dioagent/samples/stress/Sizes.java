package io.dioagent.samples.stress;

import java.time.Duration;
import java.util.Locale;

/** Parses and formats sizes and times of the command line. */
final class Sizes {
  private static final String UNITS = "kmg";

  private Sizes() {}

  /** Parses 4096, 4k, 1m or 2g. */
  static long bytes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int unit = lower.isEmpty() ? -1 : UNITS.indexOf(lower.charAt(lower.length() - 1));
    String digits = unit < 0 ? lower : lower.substring(0, lower.length() - 1);
    try {
      return Math.multiplyExact(Long.parseUnsignedLong(digits), 1L << (10 * (unit + 1)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "size is '" + text + "', expected bytes such as 4096, 4k, 1m or 2g", e);
    }
  }

  /** Returns the shortest text that {@link #bytes} parses. */
  static String text(long bytes) {
    int unit = 0;
    long number = bytes;
    while (unit < UNITS.length() && number > 0 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + (unit == 0 ? "" : UNITS.substring(unit - 1, unit));
  }

  /** Parses 200ms, 30s or 2m. */
  static Duration time(String text) {
    try {
      if (text.endsWith("ms")) {
        return Duration.ofMillis(Long.parseUnsignedLong(text.substring(0, text.length() - 2)));
      }
      String digits = text.substring(0, Math.max(0, text.length() - 1));
      if (text.endsWith("s")) {
        return Duration.ofSeconds(Long.parseUnsignedLong(digits));
      }
      if (text.endsWith("m")) {
        return Duration.ofMinutes(Long.parseUnsignedLong(digits));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrongTime(text, e);
    }
    throw wrongTime(text, null);
  }

  private static IllegalArgumentException wrongTime(String text, RuntimeException cause) {
    return new IllegalArgumentException(
        "time is '" + text + "', expected a time such as 200ms, 30s or 2m", cause);
  }
}
