package io.dioagent.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Finds the reason that keeps a thread from going on, as the kernel shows it. */
class KernelThreadTest {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private volatile boolean over;

  @Test
  void aThreadThatComputesIsNotHeld() throws Exception {
    expect(
        KernelThread.Held.NO,
        () -> {
          while (!over) {
            Thread.onSpinWait();
          }
        });
  }

  @Test
  void aThreadThatWaitsForAnotherOneIsHeldByTheProcess() throws Exception {
    expect(
        KernelThread.Held.BY_PROCESS,
        () -> {
          while (!over) {
            LockSupport.park(this);
          }
        });
  }

  @Test
  void aThreadInASystemCallIsHeldByTheKernel() throws Exception {
    Process silent = new ProcessBuilder("sleep", "100").start();
    try {
      expect(
          KernelThread.Held.BY_KERNEL,
          () -> {
            try {
              assertEquals(-1, silent.getInputStream().read());
            } catch (IOException e) {
              assertTrue(over, e::toString);
            }
          },
          silent::destroyForcibly);
    } finally {
      silent.destroyForcibly();
    }
  }

  private void expect(KernelThread.Held expected, Runnable what) throws Exception {
    expect(expected, what, () -> {});
  }

  /** Expects the state soon, and repeatedly after that. */
  private void expect(KernelThread.Held expected, Runnable what, Runnable end) throws Exception {
    CompletableFuture<KernelThread> known = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              known.complete(KernelThread.current());
              what.run();
            });
    thread.start();
    try {
      KernelThread seen = known.get();
      long until = System.nanoTime() + LONGEST_NANOS;
      int inARow = 0;
      while (inARow < 10 && System.nanoTime() - until < 0) {
        inARow = seen.held() == expected ? inARow + 1 : 0;
        Thread.sleep(1);
      }
      assertEquals(10, inARow, () -> "held " + seen.held() + ", expected " + expected);
      assertEquals(expected == KernelThread.Held.BY_KERNEL, seen.isHeldByKernel());
    } finally {
      over = true;
      end.run();
      LockSupport.unpark(thread);
      thread.join();
    }
  }
}
