package io.dioagent.runtime.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("host")
class PermitsTest {
  private static void awaitState(Thread thread, Thread.State state) throws InterruptedException {
    Limit guard = Limit.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    while (thread.getState() != state) {
      assertTrue(guard.leftNanos() > 0, thread + " is " + thread.getState());
      Thread.sleep(1);
    }
  }

  /** Threads keep their order, however often they consult their limits meanwhile. */
  @Test
  void thoseThatWaitKeepTheirPlaces() throws Exception {
    Permits permits = new Permits(1);
    assertTrue(permits.acquire(Limit.NOW));
    ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      CountDownLatch looked = new CountDownLatch(3);
      Limit looksOften =
          () -> {
            looked.countDown();
            return TimeUnit.MICROSECONDS.toNanos(50L + 70L * number);
          };
      Thread thread =
          new Thread(
              () -> {
                assertTrue(permits.acquire(looksOften));
                order.add(number);
                permits.release();
              });
      thread.start();
      threads.add(thread);
      assertTrue(looked.await(60, TimeUnit.SECONDS));
    }
    assertFalse(permits.acquire(Limit.NOW), "no one overtakes");
    permits.release();
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.copyOf(order));
    assertEquals(1, permits.available());
  }

  @Test
  void aThreadThatGivesUpLetsTheNextOneHaveIt() throws Exception {
    Permits permits = new Permits(0);
    CountDownLatch giveUp = new CountDownLatch(1);
    Thread first =
        new Thread(
            () -> assertFalse(permits.acquire(() -> giveUp.getCount() == 0 ? 0 : 1_000_000)));
    first.start();
    awaitState(first, Thread.State.TIMED_WAITING);
    CountDownLatch got = new CountDownLatch(1);
    Thread second =
        new Thread(
            () -> {
              if (permits.acquire(Limit.FOREVER)) {
                got.countDown();
              }
            });
    second.start();
    awaitState(second, Thread.State.TIMED_WAITING);
    giveUp.countDown();
    first.join(60_000);
    permits.release();
    assertTrue(got.await(60, TimeUnit.SECONDS));
    second.join(60_000);
    assertEquals(0, permits.available());
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheWait() throws Exception {
    Permits permits = new Permits(0);
    CountDownLatch got = new CountDownLatch(1);
    Thread waiter =
        new Thread(
            () -> {
              if (permits.acquire(Limit.FOREVER) && Thread.currentThread().isInterrupted()) {
                got.countDown();
              }
            });
    waiter.start();
    awaitState(waiter, Thread.State.TIMED_WAITING);
    waiter.interrupt();
    awaitState(waiter, Thread.State.TIMED_WAITING);
    permits.release();
    assertTrue(got.await(60, TimeUnit.SECONDS));
  }

  /** No permit is lost or lent twice, even if threads give up meanwhile. */
  @Test
  void neverMoreThanThereAre() throws Exception {
    Permits permits = new Permits(3);
    AtomicInteger lent = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < 2_000; round++) {
                  boolean impatient = (round + number) % 3 == 0;
                  if (permits.acquire(impatient ? Limit.NOW : Limit.FOREVER)) {
                    most.accumulateAndGet(lent.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    lent.decrementAndGet();
                    permits.release();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertFalse(thread.isAlive());
    }
    assertTrue(most.get() <= 3, "lent at once: " + most);
    assertEquals(3, permits.available());
  }
}
