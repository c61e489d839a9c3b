package io.dioagent.bench;

import java.util.Locale;

/** The target of a row, and the figures compared with it. */
public sealed interface Target {

  /** Returns the text for the table. */
  String text();

  /** Returns "ok" or "short", or "info" without a target. */
  String verdict(Pairs pairs);

  /** Returns the median of the compared figure, by default the ratio. */
  default String figure(Pairs pairs) {
    return ratio(pairs);
  }

  /** Returns the quartiles of the compared figure. */
  default String spread(Pairs pairs) {
    Summary ratios = pairs.ratios();
    return String.format(Locale.ROOT, "%.2f to %.2f", ratios.lower(), ratios.upper());
  }

  /** The ratio of subject to peer is at least this. */
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

  /** The ratio of subject to peer is at most this. */
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

  /** The difference of subject and peer is at most this. */
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

  /** The subject's value is at most this, independent of the peer. */
  record SubjectAtMost(double limit, Unit unit) implements Target {
    private static final double PAGE_CACHE_PERCENT = 1;

    /** Returns the limit for the share of written bytes that is left in the page cache. */
    public static SubjectAtMost ofPageCache() {
      return new SubjectAtMost(PAGE_CACHE_PERCENT, Unit.PERCENT);
    }

    @Override
    public String text() {
      return "<= " + unit.format(limit);
    }

    @Override
    public String verdict(Pairs pairs) {
      return judged(pairs.subjectMedian() <= limit);
    }

    @Override
    public String spread(Pairs pairs) {
      Summary subject = pairs.subjectSummary();
      return unit.format(subject.lower()) + " to " + unit.format(subject.upper());
    }
  }

  /** For information: a ratio without a target. */
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
