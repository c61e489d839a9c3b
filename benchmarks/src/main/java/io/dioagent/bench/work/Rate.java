package io.dioagent.bench.work;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Measures the rate of writes. */
public final class Rate {
  /**
   * Limits the times that are measured until a write has ended: on a busy machine a short one sees
   * none. Past it, the rate is 0.
   */
  private static final int MOST_TIMES = 100;

  private Rate() {}

  /** A repeated step. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Repeats a step for this time on the calling thread, and returns the writes per second.
   *
   * @param writes returns the number of ended writes
   */
  static double of(Step step, LongSupplier writes, long durationNanos) throws IOException {
    long before = writes.getAsLong();
    long start = System.nanoTime();
    long now;
    do {
      step.run();
      now = System.nanoTime();
    } while (now - start < durationNanos);
    return (writes.getAsLong() - before) * 1e9 / (now - start);
  }

  /**
   * Waits for this time while other threads write, and again until a write has ended. Prints the
   * writes per second and the CPU time per write.
   *
   * @param writes returns the number of ended writes
   */
  public static void print(LongSupplier writes, long warmUpNanos, long measuredNanos)
      throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(warmUpNanos);
    long start = System.nanoTime();
    long cpuBefore = ProcessCpu.nanos();
    long writesBefore = writes.getAsLong();
    double written = 0;
    for (int times = 0; written == 0 && times < MOST_TIMES; times++) {
      TimeUnit.NANOSECONDS.sleep(measuredNanos);
      written = (double) writes.getAsLong() - writesBefore;
    }
    long cpuNanos = ProcessCpu.nanos() - cpuBefore;
    Answer.print(Answer.WRITES_PER_SECOND, written * 1e9 / (System.nanoTime() - start));
    Answer.print(Answer.CPU_MICROS_PER_WRITE, cpuNanos / 1e3 / written);
  }
}
