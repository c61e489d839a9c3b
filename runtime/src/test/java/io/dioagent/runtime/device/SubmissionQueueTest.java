package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.Permits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmissionQueueTest {
  private static final int PERMITS = 4;

  private final ExecutorService threads = Submitters.newThreads();
  private final Permits permits = new Permits(PERMITS);
  private final SubmissionQueue queue = new SubmissionQueue(threads, permits);
  private final CountDownLatch device = new CountDownLatch(1);

  @AfterEach
  void end() throws InterruptedException {
    device.countDown();
    threads.shutdown();
    assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS), "threads are left");
    assertEquals(PERMITS, permits.available());
  }

  private void stuck() {
    try {
      assertTrue(device.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(60, TimeUnit.SECONDS));
  }

  /** Counts how often it is run. */
  private static final class Counted implements Runnable {
    private final AtomicInteger runs = new AtomicInteger();
    private final Set<Thread> threads;
    private final Semaphore done = new Semaphore(0);

    Counted(Set<Thread> threads) {
      this.threads = threads;
    }

    @Override
    public void run() {
      threads.add(Thread.currentThread());
      runs.incrementAndGet();
      done.release();
    }
  }

  /** Each is run once, or withdrawn and never run, with other threads at work too. */
  @Test
  void eachIsRunOnceOrWithdrawn() throws Exception {
    int callers = 16;
    int each = 5_000;
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    AtomicInteger withdrawn = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        SplittableRandom random = new SplittableRandom(i);
        running.add(
            pool.submit(
                () -> {
                  for (int j = 0; j < each; j++) {
                    Counted one = new Counted(used);
                    queue.add(one);
                    if (random.nextInt(4) == 0 && queue.withdraw(one)) {
                      withdrawn.incrementAndGet();
                      assertEquals(0, one.runs.get());
                    } else {
                      assertTrue(one.done.tryAcquire(60, TimeUnit.SECONDS), "never run");
                      assertFalse(queue.withdraw(one));
                      assertEquals(1, one.runs.get());
                    }
                  }
                  return null;
                }));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertTrue(withdrawn.get() > 0, "none was withdrawn");
    // Without help the threads are few, for any number of callers.
    assertTrue(used.size() < callers, used.size() + " threads");
  }

  /** Stuck submissions take threads, one more at a time, until there is none left. */
  @Test
  void stuckSubmissionsDoNotHoldUpTheNextWhileThereAreThreads() throws Exception {
    for (int i = 0; i < PERMITS; i++) {
      CountDownLatch begun = new CountDownLatch(1);
      queue.add(
          () -> {
            begun.countDown();
            stuck();
          });
      assertEquals(i == 0, begun.await(i == 0 ? 60_000 : 20, TimeUnit.MILLISECONDS));
      queue.help();
      await(begun);
    }
    assertEquals(0, permits.available());
    Counted last = new Counted(ConcurrentHashMap.newKeySet());
    queue.add(last);
    queue.help();
    assertFalse(last.done.tryAcquire(50, TimeUnit.MILLISECONDS), "there are more threads");
    device.countDown();
    assertTrue(last.done.tryAcquire(60, TimeUnit.SECONDS), "never run");
  }

  @Test
  void withoutThreadsItIsTheCallers() {
    SubmissionQueue none =
        new SubmissionQueue(
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            permits);
    Counted one = new Counted(ConcurrentHashMap.newKeySet());
    assertThrows(OutOfMemoryError.class, () -> none.add(one));
    assertFalse(none.withdraw(one));
    assertEquals(0, one.runs.get());
  }
}
