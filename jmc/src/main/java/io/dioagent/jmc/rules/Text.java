package io.dioagent.jmc.rules;

import java.util.Locale;
import org.openjdk.jmc.common.IDisplayable;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;

/** Formats numbers and recorded text for results. */
final class Text {
  /** Longer recorded text loses its middle. In characters. */
  private static final int LONGEST_RECORDED = 400;

  private Text() {}

  /** Formats bytes: {@code 4 KiB}. */
  static String bytes(long bytes) {
    return words(UnitLookup.BYTE.quantity(bytes));
  }

  /** Formats a duration: {@code 1.5 s}. */
  static String time(long nanos) {
    return words(UnitLookup.NANOSECOND.quantity(nanos));
  }

  /** Formats as JMC does, but with ordinary blanks, which can be searched for. */
  private static String words(IQuantity quantity) {
    return quantity.displayUsing(IDisplayable.AUTO).replace('\u00a0', ' ');
  }

  /** Formats a share from 0 to 1: {@code 12.5 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Formats a count: {@code 1 write}, {@code 2 writes}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /**
   * Makes text of a recording safe to show, because its origin is not known: one line of bounded
   * length, without links, which JMC makes of {@code [words](address)} anywhere in a text.
   */
  static String recorded(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ").replace("](", "] (");
    int half = LONGEST_RECORDED / 2;
    return line.length() <= LONGEST_RECORDED
        ? line
        : line.substring(0, half) + " ... " + line.substring(line.length() - half);
  }
}
