package io.dioagent.bench;

import io.dioagent.bench.io.CpuUse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A machine that others leave alone. */
final class Calm {
  private static final double OTHERS_SHARE_LIMIT = 0.15;
  private static final int SECONDS_LIMIT = 120;

  private Calm() {}

  /** Whether others took little enough of the processors. */
  static boolean isCalm(double othersShare) {
    return othersShare <= OTHERS_SHARE_LIMIT;
  }

  /** Waits for a calm second, though not for ever. */
  static void await() throws IOException, InterruptedException {
    boolean calm = false;
    for (int seconds = 0; !calm && seconds < SECONDS_LIMIT; seconds++) {
      CpuUse start = CpuUse.now();
      TimeUnit.SECONDS.sleep(1);
      calm = isCalm(CpuUse.now().othersShareSince(start));
    }
  }
}
