package io.dioagent.bench;

import java.util.Locale;

/** The unit of a row. */
public enum Unit {
  IOPS("IOPS", 0),
  MEGABYTES_PER_SECOND("MB/s", 0),
  NANOSECONDS("ns", 1),
  MICROSECONDS("us", 2),
  SECONDS("s", 3),
  PERCENT("%", 2);

  /** Bytes of a megabyte, not a mebibyte. */
  public static final double BYTES_PER_MEGABYTE = 1e6;

  private final String symbol;
  private final int decimals;

  Unit(String symbol, int decimals) {
    this.symbol = symbol;
    this.decimals = decimals;
  }

  public String symbol() {
    return symbol;
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f %s", value, symbol);
  }

  String formatSigned(double value) {
    return String.format(Locale.ROOT, "%+,." + decimals + "f %s", value, symbol);
  }
}
