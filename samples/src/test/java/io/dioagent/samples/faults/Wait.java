package io.dioagent.samples.faults;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, long enough for a busy machine. */
final class Wait {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(10);

  private Wait() {}

  static void until(BooleanSupplier condition, Supplier<String> otherwise) {
    long untilNanoTime = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - untilNanoTime > 0) {
        throw new AssertionError("after " + LONGEST.toSeconds() + " s: " + otherwise.get());
      }
      try {
        Thread.sleep(STEP.toMillis());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
