package io.dioagent.bench.scaling;

import io.dioagent.bench.Summary;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one write costs.
 *
 * @param wallMicros time by the clock, all threads together, over writes
 * @param cpuMicros processor time of the process over writes; not the kernel's own threads'
 */
record Cost(double wallMicros, double cpuMicros) {

  /** Of each the median. */
  static Cost median(List<Cost> costs) {
    return new Cost(median(costs, Cost::wallMicros), median(costs, Cost::cpuMicros));
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return Summary.of(costs.stream().mapToDouble(figure).boxed().toList()).median();
  }
}
