package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.engine.SyscallThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmittersTest {
  /** As Submitters.THREADS_PER_DEVICE. */
  private static final int BOUND = 64;

  private final ExecutorService threads = Submitters.newThreads();
  private final Submitters submitters = new Submitters(threads);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  private void stuck() {
    running.incrementAndGet();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    done.incrementAndGet();
  }

  @AfterEach
  void close() throws InterruptedException {
    release.countDown();
    threads.shutdown();
    assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
  }

  private static Limit in(long millis) {
    return Limit.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void fill() throws InterruptedException {
    for (int i = 0; i < BOUND; i++) {
      assertTrue(submitters.execute(this::stuck, in(120_000)));
    }
    Limit limit = in(120_000);
    while (running.get() < BOUND && limit.leftNanos() > 0) {
      Thread.sleep(1);
    }
    assertEquals(BOUND, running.get(), "all run side by side");
  }

  /** No caller waits, and each task runs when a thread is free, within the bound. */
  @Test
  void soon() throws Exception {
    fill();
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(200);
    for (int i = 0; i < 200; i++) {
      assertTrue(
          submitters.executeSoon(
              () -> {
                ran.incrementAndGet();
                all.countDown();
              }));
    }
    assertEquals(0, ran.get(), "all threads are taken");
    release.countDown();
    assertTrue(all.await(60, TimeUnit.SECONDS), ran + " of 200 ran");
    assertEquals(200, ran.get());
    CountDownLatch atOnce = new CountDownLatch(1);
    assertTrue(submitters.executeSoon(atOnce::countDown));
    assertTrue(atOnce.await(60, TimeUnit.SECONDS), "a thread is free");
  }

  @Test
  void boundPerDevice() throws Exception {
    fill();
    long before = System.nanoTime();
    assertFalse(submitters.execute(this::stuck, in(50)));
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(50));
    CompletableFuture<String> other = new CompletableFuture<>();
    assertTrue(
        new Submitters(threads).execute(() -> other.complete("ran"), in(0)),
        "another device has threads of its own");
    assertEquals("ran", other.get(60, TimeUnit.SECONDS));
    CompletableFuture<Boolean> late = new CompletableFuture<>();
    Thread waiter = new Thread(() -> late.complete(submitters.execute(this::stuck, in(120_000))));
    waiter.start();
    release.countDown();
    assertTrue(late.get(60, TimeUnit.SECONDS));
    waiter.join();
    threads.shutdown();
    assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    assertEquals(BOUND + 1, done.get(), "what was not taken never runs");
  }

  @Test
  void aTaskThatThrowsGivesItsThreadBack() throws Exception {
    for (int i = 0; i < 3 * BOUND; i++) {
      assertTrue(
          submitters.execute(
              () -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
                throw new IllegalStateException("as this test wants it");
              },
              in(120_000)));
    }
    fill();
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheWait() throws Exception {
    fill();
    Thread.currentThread().interrupt();
    long before = System.nanoTime();
    assertFalse(submitters.execute(this::stuck, in(40)));
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(40));
    assertTrue(Thread.interrupted());
    release.countDown();
    Thread.currentThread().interrupt();
    assertTrue(submitters.execute(this::stuck, in(120_000)));
    assertTrue(Thread.interrupted());
  }

  /** Threads whose kernel half has work left: the next task gets another one. */
  @Test
  void aRetiredThreadEnds() throws Exception {
    CompletableFuture<Thread> first = new CompletableFuture<>();
    Runnable task =
        () -> {
          SyscallThreads.retire();
          first.complete(Thread.currentThread());
        };
    assertTrue(submitters.execute(task, in(120_000)));
    first.get(60, TimeUnit.SECONDS).join(60_000);
    assertFalse(first.get().isAlive());
    SyscallThreads.retire(); // Not a thread of the runtime: nothing happens.
    fill();
  }

  @Test
  void threadsAreDaemons() throws Exception {
    CompletableFuture<Boolean> daemon = new CompletableFuture<>();
    submitters.execute(() -> daemon.complete(Thread.currentThread().isDaemon()), in(0));
    assertTrue(daemon.get(60, TimeUnit.SECONDS));
  }
}
