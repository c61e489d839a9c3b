package io.dioagent.bench.scaling;

import io.dioagent.bench.Summary;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The cost of one write.
 *
 * @param wallMicros elapsed time over the writes of all threads
 * @param cpuMicros processor time of the process over writes, without kernel threads
 */
record Cost(double wallMicros, double cpuMicros) {

  /** Returns the medians of both. */
  static Cost median(List<Cost> costs) {
    return new Cost(median(costs, Cost::wallMicros), median(costs, Cost::cpuMicros));
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return Summary.of(costs.stream().mapToDouble(figure).boxed().toList()).median();
  }
}
