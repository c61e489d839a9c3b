package io.dioagent.bench.plot;

import java.util.List;

/**
 * One line of a picture, or one colour of its bars.
 *
 * @param name for the legend
 * @param x where its points are, all above 0 on a logarithmic axis
 * @param y how high, as many, in the axis' unit
 */
public record Curve(String name, List<Double> x, List<Double> y) {

  /** Checks that each point has both. */
  public Curve {
    x = List.copyOf(x);
    y = List.copyOf(y);
    if (x.isEmpty() || x.size() != y.size()) {
      throw new IllegalArgumentException(
          "%s: %d values of x, %d of y".formatted(name, x.size(), y.size()));
    }
  }
}
