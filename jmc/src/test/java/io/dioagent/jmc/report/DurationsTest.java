package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares percentiles with the sorted values. */
class DurationsTest {

  private static Durations of(long... values) {
    Durations durations = new Durations();
    for (long value : values) {
      durations.add(value);
    }
    return durations;
  }

  @Test
  void empty() {
    assertEquals(0, of().atShare(0.99));
    assertEquals(0, of().meanNanos());
    assertEquals(List.of(), of().coarse().counts());
  }

  @Test
  void percentilesAreAccurateToOnePercent() {
    Random random = new Random(1);
    long[] values = new long[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 40);
    }
    Durations durations = of(values);
    Arrays.sort(values);
    for (double share : new double[] {0.0001, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
      long exact = values[(int) Math.ceil(share * values.length) - 1];
      long actual = durations.atShare(share);
      assertTrue(
          Math.abs(actual - exact) <= exact * 0.01 + 1, share + ": " + actual + " for " + exact);
    }
    assertEquals(values[values.length - 1], durations.maxNanos());
    assertEquals(20_000, durations.count());
  }

  @Test
  void orderOfValuesDoesNotMatter() {
    assertEquals(of(5, 1 << 20, 900).atShare(0.5), of(1 << 20, 900, 5).atShare(0.5));
    assertEquals(of(Long.MAX_VALUE, 0).atShare(1), Long.MAX_VALUE);
    assertEquals(0, of(Long.MAX_VALUE, 0).atShare(0.5));
    assertEquals(0, of(-7).maxNanos(), "no duration is negative");
  }

  @Test
  void coarseClassesHaveTheirBounds() {
    // 2^10 is class 20, 1.5 * 2^10 is 21, 2^12 is 24.
    Durations.Coarse coarse = of(1024, 1535, 1536, 2047, 4096).coarse();
    assertEquals(20, coarse.first());
    assertEquals(List.of(2L, 2L, 0L, 0L, 1L), coarse.counts());
  }
}
