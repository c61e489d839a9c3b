package io.dioagent.agent.options;

import io.dioagent.runtime.fault.FaultRule;
import java.time.Duration;
import java.util.Locale;

/** Parses the values of single settings. Each method's error names the expected value. */
final class Values {
  private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);

  private Values() {}

  /** Parses {@code 500ms}, {@code 30s}, {@code 2m} or {@code 1h}: more than zero, at most a day. */
  static Duration duration(GivenOption option) throws OptionException {
    String expected = "expected a duration from 1ms to 24h, such as 500ms, 30s or 2m";
    String text = option.value();
    int unitStart = endOfDigits(text);
    long count = number(option, text.substring(0, unitStart), expected);
    long unitMillis =
        switch (text.substring(unitStart)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> throw option.wrong(expected);
        };
    if (count < 1 || count > LONGEST_DEADLINE.toMillis() / unitMillis) {
      throw option.wrong(expected);
    }
    return Duration.ofMillis(count * unitMillis);
  }

  /** Parses {@code 4096}, {@code 256k}, {@code 1m} or {@code 2g}. */
  static long bytes(GivenOption option, long least, long most, String expected)
      throws OptionException {
    String text = option.value().toLowerCase(Locale.ROOT);
    int unitStart = endOfDigits(text);
    long count = number(option, text.substring(0, unitStart), expected);
    int shift =
        switch (text.substring(unitStart)) {
          case "" -> 0;
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> throw option.wrong(expected);
        };
    if (count > most >> shift || count << shift < least) {
      throw option.wrong(expected);
    }
    return count << shift;
  }

  /** Parses a whole number within bounds. */
  static int integer(GivenOption option, int least, int most) throws OptionException {
    String expected = "expected a number from " + least + " to " + most;
    if (endOfDigits(option.value()) != option.value().length()) {
      throw option.wrong(expected);
    }
    long number = number(option, option.value(), expected);
    if (number < least || number > most) {
      throw option.wrong(expected);
    }
    return (int) number;
  }

  /** Parses one of an enum's constants in lower case. */
  static <E extends Enum<E>> E oneOf(GivenOption option, E[] constants) throws OptionException {
    StringBuilder names = new StringBuilder();
    for (E constant : constants) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(option.value())) {
        return constant;
      }
      names.append(names.length() == 0 ? "" : "|").append(name);
    }
    throw option.wrong("expected " + names);
  }

  /** Parses a glob. */
  static Glob glob(GivenOption option) throws OptionException {
    try {
      return Glob.of(option.value());
    } catch (IllegalArgumentException e) {
      throw option.wrong(e.getMessage());
    }
  }

  /** Parses a fault to inject. */
  static FaultRule fault(GivenOption option, FaultRule.Tags tags) throws OptionException {
    try {
      return FaultRule.parse(option.value(), tags);
    } catch (IllegalArgumentException e) {
      throw option.wrong(String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private static int endOfDigits(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static long number(GivenOption option, String digits, String expected)
      throws OptionException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw option.wrong(expected);
    }
  }
}
