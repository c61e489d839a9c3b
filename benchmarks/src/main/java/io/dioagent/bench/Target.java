package io.dioagent.bench;

import java.util.Locale;

/** What good looks like for one row, and how far it is. */
public sealed interface Target {

  /** For the table. */
  String text();

  boolean metBy(Pairs pairs);

  /** The compared figure, its median. */
  String figure(Pairs pairs);

  /** The compared figure, its quartiles. */
  String spread(Pairs pairs);

  /** Ours over the peer's is at least this. */
  record RatioAtLeast(double limit) implements Target {
    @Override
    public String text() {
      return String.format(Locale.ROOT, ">= %.2f x", limit);
    }

    @Override
    public boolean metBy(Pairs pairs) {
      return pairs.ratios().median() >= limit;
    }

    @Override
    public String figure(Pairs pairs) {
      return ratio(pairs);
    }

    @Override
    public String spread(Pairs pairs) {
      return ratios(pairs);
    }
  }

  /** Ours over the peer's is at most this. */
  record RatioAtMost(double limit) implements Target {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "<= %.2f x", limit);
    }

    @Override
    public boolean metBy(Pairs pairs) {
      return pairs.ratios().median() <= limit;
    }

    @Override
    public String figure(Pairs pairs) {
      return ratio(pairs);
    }

    @Override
    public String spread(Pairs pairs) {
      return ratios(pairs);
    }
  }

  /** Ours minus the peer's is at most this. */
  record DifferenceAtMost(double limit, Unit unit) implements Target {
    @Override
    public String text() {
      return "<= " + unit.formatSigned(limit);
    }

    @Override
    public boolean metBy(Pairs pairs) {
      return pairs.differences().median() <= limit;
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
    @Override
    public String text() {
      return "<= " + unit.format(limit);
    }

    @Override
    public boolean metBy(Pairs pairs) {
      return pairs.oursMedian() <= limit;
    }

    @Override
    public String figure(Pairs pairs) {
      return ratio(pairs);
    }

    @Override
    public String spread(Pairs pairs) {
      Summary ours = pairs.oursSummary();
      return unit.format(ours.lower()) + " to " + unit.format(ours.upper());
    }
  }

  private static String ratios(Pairs pairs) {
    Summary ratios = pairs.ratios();
    return String.format(Locale.ROOT, "%.2f to %.2f", ratios.lower(), ratios.upper());
  }

  private static String ratio(Pairs pairs) {
    return String.format(Locale.ROOT, "%.3f", pairs.ratios().median());
  }
}
