package io.dioagent.bench.work;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How fast is written. */
public final class Rate {
  private Rate() {}

  /** What is done again and again. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Does it for a while, on this thread, and answers the writes per second.
   *
   * @param writes how many have ended so far
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
   * Waits while other threads write, for as long as it is to take, and prints the writes per second
   * and the CPU time of each.
   *
   * @param writes how many have ended so far
   */
  public static void print(LongSupplier writes, long warmUpNanos, long measuredNanos)
      throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(warmUpNanos);
    long start = System.nanoTime();
    long cpuBefore = ProcessCpu.nanos();
    long writesBefore = writes.getAsLong();
    TimeUnit.NANOSECONDS.sleep(measuredNanos);
    double written = (double) writes.getAsLong() - writesBefore;
    long cpuNanos = ProcessCpu.nanos() - cpuBefore;
    Answer.print(Answer.WRITES_PER_SECOND, written * 1e9 / (System.nanoTime() - start));
    Answer.print(Answer.CPU_MICROS_PER_WRITE, cpuNanos / 1e3 / written);
  }
}
