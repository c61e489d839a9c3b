package io.dioagent.jmc.rules;

import java.util.Locale;
import org.openjdk.jmc.common.IDisplayable;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;

/** Words and numbers for results. */
final class Text {
  private static final int LONGEST_RECORDED = 400;

  private Text() {}

  /** {@code 4 KiB}. */
  static String bytes(long bytes) {
    return words(UnitLookup.BYTE.quantity(bytes));
  }

  /** {@code 1.5 s}. */
  static String time(long nanos) {
    return words(UnitLookup.NANOSECOND.quantity(nanos));
  }

  /** As JMC has it, but with blanks that can be searched for. */
  private static String words(IQuantity quantity) {
    return quantity.displayUsing(IDisplayable.AUTO).replace('\u00a0', ' ');
  }

  /** {@code 12.5 %} of a share from 0 to 1. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** {@code 1 write}, {@code 2 writes}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /**
   * Text out of a recording. Others wrote it, so it is kept to one line of bounded length, and from
   * being a link: JMC makes one of {@code [words](address)} wherever it finds that.
   */
  static String recorded(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ").replace("](", "] (");
    int half = LONGEST_RECORDED / 2;
    return line.length() <= LONGEST_RECORDED
        ? line
        : line.substring(0, half) + " ... " + line.substring(line.length() - half);
  }
}
