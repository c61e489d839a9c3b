package io.dioagent.bench.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final List<MeasuredPoint> POINTS =
      List.of(
          point(4096, List.of(12.0, 10.0, 8.0), List.of(20.0)),
          point(8192, List.of(1000.0), List.of(1000.0)),
          point(16_384, List.of(45.0), List.of(80.0)));

  @Test
  void costsAreComparedAtBothEnds() {
    assertEquals(new Growth(4.5, 4), Growth.of(POINTS, Cost::wallMicros, false));
  }

  @Test
  void bytesAreWork() {
    assertEquals(new Growth(1.125, 1), Growth.of(POINTS, Cost::wallMicros, true));
  }

  @Test
  void onlyGrowthBeyondThePeerIsMarked() {
    assertEquals(12.5, new Growth(1.125, 1).percentBeyondPeer(), 1e-9);
    assertFalse(new Growth(1.125, 1).isGood());
    assertTrue(new Growth(2.1, 2).isGood());
    assertTrue(new Growth(0.1, 0.1).isGood());
  }

  private static MeasuredPoint point(int ioBytes, List<Double> subject, List<Double> peer) {
    return new MeasuredPoint(
        new Point(ioBytes, new Workload(1, 1 << 20, 1, ioBytes, 0)), costs(subject), costs(peer));
  }

  private static List<Cost> costs(List<Double> wallMicros) {
    return wallMicros.stream().map(micros -> new Cost(micros, 1)).toList();
  }
}
