package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CpuUseTest {

  @Test
  void ownTimeDoesNotCountForOthers() {
    CpuUse start = new CpuUse(1000, 500, 100);
    CpuUse end = new CpuUse(1100, 600, 150);
    assertEquals(0.25, end.othersShareSince(start));
  }

  @Test
  void nothingGoneByIsNothingUsed() {
    CpuUse now = new CpuUse(1000, 500, 100);
    assertEquals(0, now.othersShareSince(now));
  }

  @Test
  void timeGoesBy() throws IOException {
    CpuUse start = CpuUse.now();
    long until = System.nanoTime() + 50_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    CpuUse end = CpuUse.now();
    assertTrue(end.ownTicks() > start.ownTicks(), start + " to " + end);
    assertTrue(end.busyTicks() > start.busyTicks(), start + " to " + end);
  }
}
