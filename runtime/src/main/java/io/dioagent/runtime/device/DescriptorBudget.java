package io.dioagent.runtime.device;

import io.dioagent.runtime.file.Descriptors;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits how many files may have descriptors of the runtime. These take at most a third of all
 * descriptors that the process may have, so that the application can open the rest. Thread-safe.
 */
public final class DescriptorBudget {
  /** See {@link Descriptors}. */
  private static final int RUNTIME_PER_FILE = 2;

  private static final int RUNTIME_SHARE = 3;

  /** Linux' default, used if the limit cannot be read. */
  private static final long DEFAULT_LIMIT = 1024;

  private final long files;
  private final AtomicInteger taken = new AtomicInteger();

  DescriptorBudget(long processLimit) {
    files = Math.max(1, processLimit / RUNTIME_SHARE / RUNTIME_PER_FILE);
  }

  /**
   * Returns a budget by this process's current limit, which the JVM has raised as far as it may by
   * then.
   */
  static DescriptorBudget ofThisProcess() {
    try (BufferedReader limits =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream("/proc/self/limits"), StandardCharsets.US_ASCII))) {
      for (String line = limits.readLine(); line != null; line = limits.readLine()) {
        if (line.startsWith("Max open files")) {
          return new DescriptorBudget(softLimit(line));
        }
      }
    } catch (IOException e) {
      return new DescriptorBudget(DEFAULT_LIMIT); // No procfs: a careful guess.
    }
    return new DescriptorBudget(DEFAULT_LIMIT);
  }

  /**
   * Returns the soft limit in a line of proc(5)'s limits: {@code Max open files 1024 1048576
   * files}.
   */
  static long softLimit(String line) {
    String soft = line.split(" {2,}", -1)[1];
    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
  }

  /**
   * Reserves the runtime's descriptors for one more file.
   *
   * @return true if they are reserved, so that {@link #giveBack} has to follow
   */
  public boolean tryTake() {
    if (taken.incrementAndGet() <= files) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  /** Ends a reservation: the file's descriptors are closed. */
  public void giveBack() {
    taken.decrementAndGet();
  }
}
