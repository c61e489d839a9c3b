package io.dioagent.bench.work;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How fast other threads write, while this one only waits. */
public final class Rate {
  private Rate() {}

  /**
   * Waits for as long as it is to take, and prints the writes per second and the CPU time of each.
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
