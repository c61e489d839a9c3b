package io.dioagent.bench.scaling;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.bench.Length;
import io.dioagent.bench.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Plan PLAN =
      Plan.of(
          new Study.Extent(Length.QUICK, 1, false, List.of("channels")),
          OptionalLong.empty(),
          1L << 40,
          true);
  private static final Series CHANNELS = PLAN.series().get(0);

  @TempDir private Path plots;

  @Test
  void growthIsMarked() {
    assertTrue(markdown(new Cost(10, 5), new Cost(11.5, 5)).contains("| GROWS |"));
    assertFalse(markdown(new Cost(10, 5), new Cost(10.5, 5)).contains("| GROWS |"));
  }

  @Test
  void aCostTooSmallToBeMeasuredIsNotDrawn() throws IOException {
    results(new Cost(10, 0), new Cost(11, 0)).draw(plots);
    assertTrue(Files.exists(plots.resolve("scaling-channels.svg")));
  }

  @Test
  void aFailureIsReported() {
    Results results = results(new Cost(10, 5), new Cost(10, 5));
    assertTrue(results.isComplete());
    results.addFailure(CHANNELS, "no space left");
    assertFalse(results.isComplete());
    assertTrue(results.markdown().contains("FAILED: no space left"), results.markdown());
  }

  private static String markdown(Cost first, Cost last) {
    return results(first, last).markdown();
  }

  private static Results results(Cost first, Cost last) {
    List<Cost> peer = List.of(new Cost(8, 4));
    Results results = new Results(PLAN);
    results.add(
        CHANNELS,
        List.of(
            new MeasuredPoint(CHANNELS.points().get(0), List.of(first), peer),
            new MeasuredPoint(CHANNELS.points().get(1), List.of(last), peer)));
    return results;
  }
}
