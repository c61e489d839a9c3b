package io.dioagent.bench;

import io.dioagent.bench.io.CpuUse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Detects and awaits times with little CPU use by other processes. */
final class Calm {
  /** Limits the CPU share of other processes, 0 to 1; past it, the machine is not calm. */
  private static final double OTHERS_SHARE_LIMIT = 0.15;

  /** Limits {@link #await}; past it, the measurement starts anyway. */
  private static final int SECONDS_LIMIT = 120;

  private Calm() {}

  /** Returns whether the CPU share of other processes is within the limit. */
  static boolean isCalm(double othersShare) {
    return othersShare <= OTHERS_SHARE_LIMIT;
  }

  /** Waits for a calm second, at most 120 s. */
  static void await() throws IOException, InterruptedException {
    boolean calm = false;
    for (int seconds = 0; !calm && seconds < SECONDS_LIMIT; seconds++) {
      CpuUse start = CpuUse.now();
      TimeUnit.SECONDS.sleep(1);
      calm = isCalm(CpuUse.now().othersShareSince(start));
    }
  }
}
