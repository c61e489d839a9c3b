package io.dioagent.bench.plot;

import java.util.List;

/**
 * One line of a picture.
 *
 * @param name the name in the legend
 * @param x the x values, above 0 on a logarithmic axis
 * @param y the y values, as many, in the unit of the axis
 */
public record Curve(String name, List<Double> x, List<Double> y) {

  /** Checks that each point has both values. */
  public Curve {
    x = List.copyOf(x);
    y = List.copyOf(y);
    if (x.isEmpty() || x.size() != y.size()) {
      throw new IllegalArgumentException(
          "%s: %d values of x, %d of y".formatted(name, x.size(), y.size()));
    }
  }
}
