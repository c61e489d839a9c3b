package io.dioagent.bench.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.bench.Length;
import io.dioagent.bench.Study;
import io.dioagent.runtime.api.RuntimeOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final long FREE_BYTES = 1L << 40;

  @Test
  void theFullPlanReachesTheLargestOfEverything() {
    Plan plan = Plan.of(extent(), OptionalLong.empty(), FREE_BYTES, true);
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0, 10_000.0), xs(plan, "channels"));
    assertEquals(64.0, last(plan, "threads").x());
    assertEquals(new Workload(1, 256L << 20, 1, 16 << 20, 0), last(plan, "sizes").workload());
    assertEquals(0.5, xs(plan, "sizes").get(0));
    assertEquals(RuntimeOptions.MAX_QUEUE_DEPTH, last(plan, "depths").workload().depth());
    assertEquals(16L << 30, last(plan, "files").workload().fileBytes());
  }

  @Test
  void fewDescriptorsLeaveOutChannelsAndSaySo() {
    Plan plan = Plan.of(extent(), OptionalLong.of(20_000), FREE_BYTES, true);
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0, 3283.0), xs(plan, "channels"));
    assertEquals(
        Optional.of(
            "10,000 channels: under the agent they take 60,300 descriptors, the hard limit is"
                + " 20,000"),
        series(plan, "channels").leftOut());
  }

  @Test
  void withoutFioTheQueueIsMeasuredAlone() {
    Plan plan = Plan.of(extent("depths"), OptionalLong.empty(), FREE_BYTES, false);
    assertEquals(
        Optional.of("fio, which is not here: apt-get install fio"),
        series(plan, "depths").leftOut());
  }

  @Test
  void aSmallDiskLeavesOutFilesAndSaysSo() {
    Plan plan = Plan.of(extent(), OptionalLong.empty(), 20L << 30, true);
    assertEquals(List.of(1.0, 16.0, 256.0, 4096.0), xs(plan, "files"));
    assertEquals(
        Optional.of("files of 16,384 MiB: the disk has 20,480 MiB free"),
        series(plan, "files").leftOut());
  }

  @Test
  void smallAndOddWritesHaveNoPeer() {
    Workload block = new Workload(1, 1 << 20, 1, 4096, 0);
    assertTrue(block.isOfWholeBlocks());
    assertFalse(block.withIoBytes(512).isOfWholeBlocks());
  }

  @Test
  void onlyTheNamedSeriesIsPlanned() {
    for (String name : Plan.NAMES) {
      Plan plan = Plan.of(extent(name), OptionalLong.empty(), FREE_BYTES, true);
      assertEquals(List.of(name), plan.series().stream().map(Series::name).toList());
    }
  }

  private static Study.Extent extent(String... only) {
    return new Study.Extent(Length.FULL, 5, false, List.of(only));
  }

  private static List<Double> xs(Plan plan, String name) {
    return series(plan, name).points().stream().map(Point::x).toList();
  }

  private static Point last(Plan plan, String name) {
    List<Point> points = series(plan, name).points();
    return points.get(points.size() - 1);
  }

  private static Series series(Plan plan, String name) {
    return plan.series().stream()
        .filter(series -> series.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
