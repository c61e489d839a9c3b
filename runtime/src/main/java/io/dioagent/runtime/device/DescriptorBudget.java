package io.dioagent.runtime.device;

import io.dioagent.runtime.file.Descriptors;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many files may have descriptors of ours beside the application's: so many that we have a
 * third of all that the process may have, and the application can open the rest. Thread-safe.
 */
public final class DescriptorBudget {
  /** See {@link Descriptors}. */
  private static final int OURS_PER_FILE = 2;

  private static final int PART_THAT_IS_OURS = 3;

  /** Linux' default, where the limit cannot be read. */
  private static final long DEFAULT_LIMIT = 1024;

  private final long files;
  private final AtomicInteger taken = new AtomicInteger();

  DescriptorBudget(long processLimit) {
    files = Math.max(1, processLimit / PART_THAT_IS_OURS / OURS_PER_FILE);
  }

  /** By this process's limit as it is now: the JVM has raised it as far as it may by then. */
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

  /** Of a line of proc(5)'s limits: {@code Max open files 1024 1048576 files}. */
  static long softLimit(String line) {
    String soft = line.split(" {2,}", -1)[1];
    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
  }

  /** Whether one more file may have descriptors of ours: then they are to be given back. */
  public boolean tryTake() {
    if (taken.incrementAndGet() <= files) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  /** A file's descriptors of ours are closed. */
  public void giveBack() {
    taken.decrementAndGet();
  }
}
