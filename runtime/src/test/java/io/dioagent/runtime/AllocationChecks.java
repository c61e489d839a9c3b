package io.dioagent.runtime;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Ended;
import java.io.IOException;

/** Checks of {@link AllocationRuns}, loaded beside the same runtime. */
final class AllocationChecks {
  private AllocationChecks() {}

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A step on a faulty device: its failure must be the device's, or an injected one. */
  interface Step {
    void run() throws Throwable;
  }

  static void fails(Step step) throws Throwable {
    if (!hasFailed(step)) {
      throw new AssertionError("no error of a device that fails");
    }
  }

  static boolean hasFailed(Step step) throws Throwable {
    try {
      step.run();
      return false;
    } catch (IOException e) {
      Throwable cause = e instanceof DirectIoException ? e : e.getCause();
      if (cause instanceof DirectIoException) {
        return true;
      }
      throw e;
    }
  }

  /** Closes again: a close that failed closes what it can, the next one the rest. */
  static void closeAgain(DirectFile mine) throws IOException {
    try {
      mine.close();
    } catch (Error e) {
      mine.close();
      throw e;
    }
  }

  /** The result of an asynchronous write. */
  static final class Ending implements Ended {
    int count;
    long bytes;
    IOException failure;

    @Override
    public synchronized void ended(long endBytes, IOException endFailure) {
      count++;
      bytes = endBytes;
      failure = endFailure;
      notifyAll();
    }

    synchronized void await() throws InterruptedException {
      while (count == 0) {
        wait();
      }
    }
  }
}
