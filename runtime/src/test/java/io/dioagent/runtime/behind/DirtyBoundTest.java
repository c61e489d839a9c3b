package io.dioagent.runtime.behind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waits for bytes that are to be written back. */
class DirtyBoundTest {
  private final DirtyBound bound = new DirtyBound(100);

  private static Limit millis(long millis) {
    return Limit.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private CompletableFuture<Boolean> waiter() throws InterruptedException {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> result.complete(bound.await(millis(60_000))));
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
    return result;
  }

  @Test
  void noWaitBelowTheLimit() {
    bound.add(99);
    assertTrue(bound.isBelow());
    assertTrue(bound.await(Limit.NOW));
    bound.add(1000);
    assertFalse(bound.isBelow(), "one write may exceed it");
    assertFalse(bound.await(Limit.NOW));
    assertEquals(1099, bound.bytes());
  }

  @Test
  void theLimitOfTheWaitComesFirst() {
    bound.add(100);
    long before = System.nanoTime();
    assertFalse(bound.await(millis(30)));
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(30));
  }

  @Test
  void allAreWokenByBytesWrittenBack() throws Exception {
    bound.add(200);
    List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiters.add(waiter());
    }
    bound.remove(100);
    Thread.sleep(20);
    assertFalse(waiters.get(0).isDone(), "still at the limit");
    bound.remove(1);
    for (CompletableFuture<Boolean> waiter : waiters) {
      assertTrue(waiter.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void wokenByAHigherLimit() throws Exception {
    bound.add(200);
    CompletableFuture<Boolean> waiter = waiter();
    bound.limitTo(201);
    assertTrue(waiter.get(60, TimeUnit.SECONDS));
    assertEquals(201, bound.limitBytes());
  }

  @Test
  void anInterruptDoesNotEndTheWait() {
    bound.add(100);
    Thread.currentThread().interrupt();
    long before = System.nanoTime();
    assertFalse(bound.await(millis(30)));
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(30));
    assertTrue(Thread.interrupted(), "kept for the caller");
  }
}
