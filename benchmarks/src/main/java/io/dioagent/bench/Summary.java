package io.dioagent.bench;

import java.util.List;

/**
 * The median and quartiles of numbers.
 *
 * @param lower the lower quartile
 * @param median the median
 * @param upper the upper quartile
 */
public record Summary(double lower, double median, double upper) {

  /** Returns the summary of at least one number. */
  public static Summary of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return new Summary(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  /** Interpolates between neighbouring values. */
  private static double quantile(List<Double> sorted, double share) {
    double rank = share * (sorted.size() - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.size() - 1);
    double low = sorted.get(below);
    return low + (rank - below) * (sorted.get(above) - low);
  }
}
