package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private static final long[] HUNDRED = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();

  @Test
  void percentilesOfAll() {
    Latencies all = new Latencies(HUNDRED, 0);
    assertEquals(100, all.total());
    assertEquals(50, all.percentileNanos(0.5));
    assertEquals(99, all.percentileNanos(0.99));
    assertEquals(100, all.percentileNanos(1));
    assertEquals(100, all.mostNanos());
  }

  @Test
  void percentilesOfOnlyTheLongOnes() {
    Latencies some = new Latencies(HUNDRED, 1000);
    assertEquals(1000, some.total());
    assertEquals(-1, some.percentileNanos(0.5));
    assertEquals(1, some.percentileNanos(0.9005));
    assertEquals(90, some.percentileNanos(0.99));
  }

  @Test
  void none() {
    Latencies none = new Latencies(new long[0], 50);
    assertEquals(-1, none.percentileNanos(0.99));
    assertEquals(0, none.mostNanos());
  }
}
