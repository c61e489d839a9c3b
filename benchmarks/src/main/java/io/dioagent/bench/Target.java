package io.dioagent.bench;

import java.util.Locale;

/** What good looks like for one row, and how far it is. */
public sealed interface Target {

  /** For the table. */
  String text();

  /** The table's last word: "ok" or "short", or "info" where there is nothing to be met. */
  String verdict(Pairs pairs);

  /** The compared figure, its median: by default the ratio's. */
  default String figure(Pairs pairs) {
    return ratio(pairs);
  }

  /** The compared figure, its quartiles. */
  default String spread(Pairs pairs) {
    Summary ratios = pairs.ratios();
    return String.format(Locale.ROOT, "%.2f to %.2f", ratios.lower(), ratios.upper());
  }

  /** Ours over the peer's is at least this. */
  record RatioAtLeast(double limit) implements Target {
    @Override
    public String text() {
      return String.format(Locale.ROOT, ">= %.2f x", limit);
    }

    @Override
    public String verdict(Pairs pairs) {
      return judged(pairs.ratios().median() >= limit);
    }
  }

  /** Ours over the peer's is at most this. */
  record RatioAtMost(double limit) implements Target {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "<= %.2f x", limit);
    }

    @Override
    public String verdict(Pairs pairs) {
      return judged(pairs.ratios().median() <= limit);
    }
  }

  /** Ours minus the peer's is at most this. */
  record DifferenceAtMost(double limit, Unit unit) implements Target {
    @Override
    public String text() {
      return "<= " + unit.formatSigned(limit);
    }

    @Override
    public String verdict(Pairs pairs) {
      return judged(pairs.differences().median() <= limit);
    }

    @Override
    public String figure(Pairs pairs) {
      return ratio(pairs) + " (" + unit.formatSigned(pairs.differences().median()) + ")";
    }

    @Override
    public String spread(Pairs pairs) {
      Summary differences = pairs.differences();
      return unit.formatSigned(differences.lower())
          + " to "
          + unit.formatSigned(differences.upper());
    }
  }

  /** Ours is at most this, whatever the peer's is. */
  record OursAtMost(double limit, Unit unit) implements Target {
    private static final double PAGE_CACHE_PERCENT = 1;

    /** What may stay in the page cache of what was written. */
    public static OursAtMost ofPageCache() {
      return new OursAtMost(PAGE_CACHE_PERCENT, Unit.PERCENT);
    }

    @Override
    public String text() {
      return "<= " + unit.format(limit);
    }

    @Override
    public String verdict(Pairs pairs) {
      return judged(pairs.oursMedian() <= limit);
    }

    @Override
    public String spread(Pairs pairs) {
      Summary ours = pairs.oursSummary();
      return unit.format(ours.lower()) + " to " + unit.format(ours.upper());
    }
  }

  /** For information: a ratio that nothing was promised about. */
  record None() implements Target {
    @Override
    public String text() {
      return "-";
    }

    @Override
    public String verdict(Pairs pairs) {
      return "info";
    }
  }

  private static String judged(boolean met) {
    return met ? "ok" : "short";
  }

  private static String ratio(Pairs pairs) {
    return String.format(Locale.ROOT, "%.3f", pairs.ratios().median());
  }
}
