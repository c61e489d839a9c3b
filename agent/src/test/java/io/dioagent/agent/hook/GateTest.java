package io.dioagent.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Gate gate = new Gate();
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  private static long in(long nanos) {
    return System.nanoTime() + nanos;
  }

  @Test
  void waitsForThoseInside() throws Exception {
    assertTrue(gate.enter());
    assertTrue(gate.enter());
    gate.close();
    assertFalse(gate.awaitEmpty(in(1_000_000)));
    gate.exit();
    assertFalse(gate.awaitEmpty(in(1_000_000)));
    Future<Boolean> empty = pool.submit(() -> gate.awaitEmpty(in(LONG_NANOS)));
    gate.exit();
    assertTrue(empty.get());
  }

  @Test
  void operationsThatWaitAreTurnedAway() throws Exception {
    gate.close();
    Future<Boolean> entering = pool.submit(gate::enter);
    assertTrue(gate.awaitEmpty(in(LONG_NANOS)));
    assertFalse(entering.isDone());
    gate.turnAway();
    assertFalse(entering.get());
    assertFalse(gate.enter());
  }

  @Test
  void operationsThatWaitGoOnWhenReopened() throws Exception {
    assertTrue(gate.enter());
    gate.close();
    Future<Boolean> entering = pool.submit(gate::enter);
    gate.reopen();
    assertTrue(entering.get());
    gate.exit();
    gate.exit();
    gate.close();
    assertTrue(gate.awaitEmpty(in(LONG_NANOS)));
  }

  @Test
  void anInterruptIsKept() throws Exception {
    gate.close();
    Thread[] thread = new Thread[1];
    Callable<Boolean> entering =
        () -> {
          synchronized (thread) {
            thread[0] = Thread.currentThread();
          }
          boolean entered = gate.enter();
          return !entered && Thread.interrupted();
        };
    Future<Boolean> kept = pool.submit(entering);
    boolean interrupted = false;
    while (!interrupted) {
      synchronized (thread) {
        if (thread[0] != null) {
          thread[0].interrupt();
          interrupted = true;
        }
      }
    }
    gate.turnAway();
    assertTrue(kept.get());
  }

  /** No operation is ever inside after the gate was found empty. */
  @Test
  void leftUnderLoad() throws Exception {
    for (int round = 0; round < 200; round++) {
      Gate busy = new Gate();
      AtomicInteger inside = new AtomicInteger();
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            pool.submit(
                () -> {
                  int entered = 0;
                  while (busy.enter()) {
                    inside.incrementAndGet();
                    entered++;
                    inside.decrementAndGet();
                    busy.exit();
                  }
                  return entered;
                }));
      }
      Thread.sleep(1);
      busy.close();
      assertTrue(busy.awaitEmpty(in(LONG_NANOS)));
      assertEquals(0, inside.get());
      busy.turnAway();
      for (Future<Integer> one : all) {
        assertTrue(one.get(1, TimeUnit.MINUTES) >= 0);
      }
    }
  }
}
