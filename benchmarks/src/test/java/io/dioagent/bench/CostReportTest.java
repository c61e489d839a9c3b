package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.bench.row.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostReportTest {
  private static final List<Double> ONE = List.of(1.0);
  private static final WriteCost SMALL_WRITES = new WriteCost(1, 1000, 64 << 20);
  private static final WriteCost LARGE_WRITES = new WriteCost(50, 100_000, 64 << 20);

  @Test
  void costsOfDifferentWritesAreComparedByTheByte() throws IOException {
    Pairs pairs = new Pairs(ONE, ONE, ONE, List.of(SMALL_WRITES), List.of(LARGE_WRITES));
    String text = CostReport.markdown(List.of(result(pairs)));
    assertTrue(
        text.contains("| 64.0 MiB | 1,000 B | 1.00 us   | 100,000 B    | 50.00 us | 2.00"), text);
  }

  @Test
  void rowsWithoutCostsAreOmitted() throws IOException {
    assertEquals("", CostReport.markdown(List.of(result(new Pairs(ONE, ONE, ONE)))));
  }

  @Test
  void aCostWithoutThatOfThePeerIsNoPair() {
    List<WriteCost> costs = List.of(SMALL_WRITES);
    assertThrows(IllegalArgumentException.class, () -> new Pairs(ONE, ONE, ONE, costs, List.of()));
  }

  private static RowResult result(Pairs pairs) throws IOException {
    Row row = Rows.all(Path.of(System.getProperty("java.home"))).get(0);
    return RowResult.measured(row, pairs, Optional.empty());
  }
}
