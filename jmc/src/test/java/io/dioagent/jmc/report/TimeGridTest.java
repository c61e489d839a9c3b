package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmc.common.item.ItemCollectionToolkit;

class TimeGridTest {
  private static final long SECOND = 1_000_000_000;

  private static RecordedJvm jvm(long startSecond, long endSecond) {
    return new RecordedJvm(
        List.of("a.jfr"),
        null,
        null,
        startSecond * SECOND,
        endSecond * SECOND,
        ItemCollectionToolkit.EMPTY);
  }

  @Test
  void atMostAFewHundredBuckets() {
    for (long seconds : new long[] {1, 7, 60, 3_600, 86_400, 86_400 * 365 * 3}) {
      TimeGrid grid = TimeGrid.over(List.of(jvm(1000, 1000 + seconds)));
      assertTrue(grid.buckets() > 30 && grid.buckets() <= 300, seconds + ": " + grid);
      assertTrue(grid.buckets() * grid.widthNanos() >= seconds * SECOND, grid.toString());
    }
  }

  @Test
  void aRecordingOfNoTimeHasAnAxis() {
    assertEquals(2, TimeGrid.over(List.of(jvm(5, 5))).buckets());
  }

  @Test
  void sideBySideJvmsShareTheClock() {
    TimeGrid grid = TimeGrid.over(List.of(jvm(100, 160), jvm(130, 190)));
    assertFalse(grid.relative());
    assertEquals(100 * SECOND, grid.originNanos());
    assertEquals(30 * SECOND, grid.at(jvm(130, 190), 130 * SECOND));
  }

  @Test
  void jvmsOfDifferentDaysBeginTogether() {
    RecordedJvm tomorrow = jvm(86_500, 86_560);
    TimeGrid grid = TimeGrid.over(List.of(jvm(100, 160), tomorrow));
    assertTrue(grid.relative());
    assertEquals(5 * SECOND, grid.at(tomorrow, 86_505 * SECOND));
    assertTrue(grid.buckets() * grid.bucketSeconds() < 70, grid.toString());
  }

  @Test
  void spreadKeepsTheSum() {
    TimeGrid grid = new TimeGrid(false, 0, 10, 5);
    double[] sums = new double[5];
    grid.spread(sums, 5, 25, 20);
    assertArrayEquals(new double[] {5, 10, 5, 0, 0}, sums, 1e-9);
    grid.spread(sums, 31, 39, 3);
    assertEquals(3, sums[3], 1e-9);
    // Half of the amount lies before the axis.
    double[] cut = new double[5];
    grid.spread(cut, -20, 20, 4);
    assertEquals(2, Arrays.stream(cut).sum(), 1e-9);
  }

  @Test
  void timesOutsideBelongToTheEnds() {
    TimeGrid grid = new TimeGrid(false, 0, 10, 5);
    assertEquals(0, grid.bucket(-1000));
    assertEquals(4, grid.bucket(1000));
  }
}
