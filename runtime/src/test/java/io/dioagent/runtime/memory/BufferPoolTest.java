package io.dioagent.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.Limit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private static final int KIB = 1024;

  /** One share gets half of it. */
  private BufferPool pool = new BufferPool(128 * KIB, 16 * KIB);

  private final BufferPool.Share share = new BufferPool.Share();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
      assertFalse(thread.isAlive(), thread + " still waits");
    }
    assertEquals(0, pool.inUseBytes());
    assertEquals(0, pool.quarantinedBytes());
    pool.close();
  }

  private static Limit in(long millis) {
    return Limit.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }

  /** Waits until a thread waits inside the pool. */
  private static void awaitWaiting(Thread thread) throws InterruptedException {
    Limit limit = in(60_000);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(limit.leftNanos() > 0, thread + " is " + thread.getState());
      Thread.sleep(1);
    }
  }

  /** Optional work never gets memory that other requests may need. */
  @Test
  void spareMemoryIsAQuarterAndNoneWhileAThreadWaits() throws Exception {
    BufferPool.Share ahead = new BufferPool.Share();
    NativeBuffer[] first = pool.acquireSpare(ahead, 16 * KIB);
    NativeBuffer[] second = pool.acquireSpare(ahead, 16 * KIB);
    assertNull(pool.acquireSpare(ahead, 4 * KIB), "it is a quarter of 128 KiB");
    NativeBuffer[] most = pool.acquire(share, 6, 16 * KIB, in(0));
    assertEquals(128 * KIB, pool.inUseBytes(), "beside it a request may have all there is");
    Thread waiting =
        start(
            () -> {
              NativeBuffer[] got = pool.acquire(share, 1, 4 * KIB, in(120_000));
              pool.release(share, got);
            });
    awaitWaiting(waiting);
    pool.release(ahead, first);
    pool.release(ahead, second);
    assertNull(pool.acquireSpare(ahead, 4 * KIB), "a thread waits, or the last quarter is left");
    pool.release(share, most);
    waiting.join();
    pool.release(ahead, pool.acquireSpare(ahead, 4 * KIB));
  }

  @Test
  void sizesArePowersOfTwoFromAPageUp() {
    int[][] askedAndGot = {
      {1, 4096}, {4096, 4096}, {4097, 8192}, {8192, 8192}, {8193, 16384}, {16384, 16384}
    };
    for (int[] one : askedAndGot) {
      NativeBuffer[] got = pool.acquire(share, 1, one[0], in(0));
      assertEquals(one[1], got[0].capacityBytes());
      assertEquals(one[1], got[0].bytes().capacity());
      assertEquals(0, got[0].address() % 4096);
      assertEquals(one[1], pool.inUseBytes());
      got[0].bytes().put(one[1] - 1, (byte) 1);
      pool.release(share, got);
    }
  }

  @Test
  void theBoundHolds() {
    NativeBuffer[] three = pool.acquire(share, 3, 16 * KIB, in(0));
    NativeBuffer[] one = pool.acquire(share, 1, 16 * KIB, in(0));
    assertEquals(64 * KIB, pool.inUseBytes());
    assertNull(pool.acquire(share, 1, 1, in(0)));
    long before = System.nanoTime();
    assertNull(pool.acquire(share, 1, 1, in(50)));
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(50));
    pool.release(share, one);
    pool.release(share, pool.acquire(share, 1, 1, in(0)));
    pool.release(share, three);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> pool.acquire(share, 9, 16 * KIB, in(1000)));
    assertEquals("9 buffers of 16384 bytes asked for, the pool's limit is 131072", e.getMessage());
  }

  @Test
  void allOrNone() {
    NativeBuffer[] held = pool.acquire(share, 2, 16 * KIB, in(0));
    assertNull(pool.acquire(share, 3, 16 * KIB, in(20)));
    assertEquals(32 * KIB, pool.inUseBytes(), "the two that there were are not kept");
    pool.release(share, held);
  }

  @Test
  void firstComeFirstServed() throws Exception {
    NativeBuffer[] first = pool.acquire(share, 2, 16 * KIB, in(0));
    NativeBuffer[] second = pool.acquire(share, 1, 16 * KIB, in(0));
    List<String> served = new CopyOnWriteArrayList<>();
    Thread large =
        start(
            () -> {
              NativeBuffer[] got = pool.acquire(share, 4, 16 * KIB, in(120_000));
              served.add("large");
              pool.release(share, got);
            });
    awaitWaiting(large);
    Thread small =
        start(
            () -> {
              NativeBuffer[] got = pool.acquire(share, 1, 4 * KIB, in(120_000));
              served.add("small");
              pool.release(share, got);
            });
    awaitWaiting(small);
    // There is room for the small one, but it came later.
    Thread.sleep(50);
    assertEquals(List.of(), served);
    assertNull(pool.acquire(share, 1, 4 * KIB, in(0)), "no request overtakes");
    pool.release(share, second);
    Thread.sleep(50);
    assertEquals(List.of(), served);
    pool.release(share, first);
    large.join(60_000);
    small.join(60_000);
    assertEquals(List.of("large", "small"), served);
  }

  /** The first in the queue gives up; the thread behind it needs less, and must not sleep on. */
  @Test
  void aTimeOutWakesTheNext() throws Exception {
    NativeBuffer[] held = pool.acquire(share, 3, 16 * KIB, in(0));
    CompletableFuture<NativeBuffer[]> large = new CompletableFuture<>();
    Thread head = start(() -> large.complete(pool.acquire(share, 2, 16 * KIB, in(300))));
    awaitWaiting(head);
    CompletableFuture<NativeBuffer[]> small = new CompletableFuture<>();
    Thread next = start(() -> small.complete(pool.acquire(share, 1, 16 * KIB, in(120_000))));
    awaitWaiting(next);
    assertNull(large.get(60, TimeUnit.SECONDS));
    pool.release(share, small.get(60, TimeUnit.SECONDS));
    pool.release(share, held);
  }

  /** One in the middle of the queue gives up; those before and behind it are served in order. */
  @Test
  void aTimeOutInTheMiddle() throws Exception {
    NativeBuffer[] held = pool.acquire(share, 4, 16 * KIB, in(0));
    List<String> served = new CopyOnWriteArrayList<>();
    long[] waitMillis = {120_000, 100, 120_000};
    for (int i = 0; i < 3; i++) {
      int number = i;
      awaitWaiting(
          start(
              () -> {
                NativeBuffer[] got = pool.acquire(share, 4, 16 * KIB, in(waitMillis[number]));
                served.add(number + (got == null ? " timed out" : " served"));
                if (got != null) {
                  pool.release(share, got);
                }
              }));
    }
    threads.get(1).join(60_000);
    assertEquals(List.of("1 timed out"), served);
    pool.release(share, held);
    threads.get(0).join(60_000);
    threads.get(2).join(60_000);
    assertEquals(List.of("1 timed out", "0 served", "2 served"), served);
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheWait() throws Exception {
    NativeBuffer[] held = pool.acquire(share, 4, 16 * KIB, in(0));
    AtomicReference<String> seen = new AtomicReference<>();
    Thread waiter =
        start(
            () -> {
              NativeBuffer[] got = pool.acquire(share, 1, 4 * KIB, in(120_000));
              seen.set((got != null) + " " + Thread.currentThread().isInterrupted());
              pool.release(share, got);
            });
    awaitWaiting(waiter);
    waiter.interrupt();
    Thread.sleep(30);
    assertTrue(waiter.isAlive());
    waiter.interrupt();
    pool.release(share, held);
    waiter.join(60_000);
    assertEquals("true true", seen.get());

    Thread.currentThread().interrupt();
    NativeBuffer[] all = pool.acquire(share, 4, 16 * KIB, in(0));
    assertNotNull(all);
    assertNull(pool.acquire(share, 1, 4 * KIB, in(20)));
    assertTrue(Thread.interrupted(), "kept over a time-out, too");
    pool.release(share, all);
  }

  @Test
  void quarantineIsPartOfTheMemoryInUse() {
    NativeBuffer[] lost = pool.acquire(share, 2, 16 * KIB, in(0));
    pool.quarantine(lost);
    assertEquals(32 * KIB, pool.inUseBytes());
    assertEquals(32 * KIB, pool.quarantinedBytes());
    assertEquals(
        "buffer-memory is 131072 bytes, in use 32768, of these quarantined 32768", pool.describe());
    NativeBuffer[] rest = pool.acquire(share, 2, 16 * KIB, in(0));
    assertNull(pool.acquire(share, 1, 1, in(0)), "what is quarantined is not given to anybody");
    for (NativeBuffer one : rest) {
      for (NativeBuffer other : lost) {
        assertTrue(one.address() != other.address());
      }
    }
    pool.endQuarantine(lost);
    assertEquals(0, pool.quarantinedBytes());
    assertEquals(64 * KIB, pool.inUseBytes(), "released apart from that");
    pool.release(share, lost);
    pool.release(share, rest);
  }

  /** However much some shares hold for ever, the next one gets some. */
  @Test
  void eachShareGetsHalfOfTheRest() {
    IdentityHashMap<NativeBuffer[], BufferPool.Share> held = new IdentityHashMap<>();
    int[] expectedBuffers = {16, 8, 4, 2, 1, 1};
    for (int expected : expectedBuffers) {
      BufferPool.Share stuck = new BufferPool.Share();
      int got = 0;
      for (NativeBuffer[] one; (one = pool.acquire(stuck, 1, 4 * KIB, in(0))) != null; got++) {
        held.put(one, stuck);
      }
      assertEquals(expected, got);
    }
    assertNull(pool.acquire(new BufferPool.Share(), 1, 4 * KIB, in(0)), "32 of 32 pages");
    held.forEach((buffers, of) -> pool.release(of, buffers));
  }

  @Test
  void aWaiterInAFullShareStopsNoOtherShare() throws Exception {
    BufferPool.Share stuck = new BufferPool.Share();
    NativeBuffer[] held = pool.acquire(stuck, 4, 16 * KIB, in(0));
    CompletableFuture<NativeBuffer[]> waiting = new CompletableFuture<>();
    Thread waiter = start(() -> waiting.complete(pool.acquire(stuck, 1, 16 * KIB, in(120_000))));
    awaitWaiting(waiter);
    NativeBuffer[] one = pool.acquire(share, 2, 16 * KIB, in(0));
    assertNotNull(one);
    Thread next = start(() -> pool.release(share, pool.acquire(share, 1, 16 * KIB, in(120_000))));
    awaitWaiting(next);
    pool.release(share, one);
    next.join(60_000);
    assertFalse(next.isAlive(), "a share's release wakes its own waiter");
    assertFalse(waiting.isDone());
    pool.release(stuck, held);
    pool.release(stuck, waiting.get(60, TimeUnit.SECONDS));
    assertEquals(0, pool.inUseBytes());
  }

  @Test
  void unsharedMemoryIsForAll() {
    NativeBuffer[] beside = pool.acquireUnshared(16 * KIB);
    assertEquals(16 * KIB, pool.inUseBytes());
    NativeBuffer[] rest = pool.acquire(share, 7, 16 * KIB, in(0));
    assertNotNull(rest, "a share that has nothing may take all there is");
    assertNull(pool.acquireUnshared(1));
    pool.releaseUnshared(beside);
    pool.release(share, rest);
    assertEquals(0, pool.inUseBytes());
  }

  /** Free buffers of one size are unmapped if another size needs the memory. */
  @Test
  void theBoundIsOnMappedMemory() throws Exception {
    pool.close();
    long gib = 1L << 30;
    pool = new BufferPool(gib, 64 << 20);
    pool.release(share, pool.acquire(share, 16, 64 << 20, in(0)));
    long before = virtualBytes();
    for (int bytes = 32 << 20; bytes >= 4 << 20; bytes /= 2) {
      pool.release(share, pool.acquire(share, (int) (gib / bytes), bytes, in(0)));
    }
    long grown = virtualBytes() - before;
    assertTrue(grown < gib / 2, "grown by " + grown);
    pool.close();
    assertTrue(before - virtualBytes() > gib / 2, "closing unmaps what is free");
  }

  private static long virtualBytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmSize:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
      }
    }
    throw new AssertionError("no VmSize");
  }

  /** 8 threads that each take several at once, of all sizes: none starves, none shares. */
  @Test
  void stress() throws Exception {
    int limit = 256 * KIB;
    pool = new BufferPool(limit, 64 * KIB);
    AtomicLong inUse = new AtomicLong();
    AtomicInteger timedOut = new AtomicInteger();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    CountDownLatch done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      int number = i;
      start(
          () -> {
            try {
              Random random = new Random(number);
              for (int round = 0; round < 3000; round++) {
                int bytes = 1 << (12 + random.nextInt(5));
                int count = 1 + random.nextInt(Math.min(8, limit / bytes));
                boolean impatient = random.nextInt(4) == 0;
                NativeBuffer[] got = pool.acquire(share, count, bytes, in(impatient ? 0 : 20_000));
                if (got == null) {
                  assertTrue(impatient, "starved");
                  timedOut.incrementAndGet();
                  continue;
                }
                long now = inUse.addAndGet((long) count * bytes);
                assertTrue(now <= limit, "in use: " + now);
                for (NativeBuffer buffer : got) {
                  buffer.bytes().putLong(0, number);
                  buffer.bytes().putLong(bytes - 8, number);
                }
                if (random.nextInt(8) == 0) {
                  LockSupport.parkNanos(1000);
                }
                for (NativeBuffer buffer : got) {
                  assertEquals(number, buffer.bytes().getLong(0));
                  assertEquals(number, buffer.bytes().getLong(bytes - 8));
                }
                inUse.addAndGet(-(long) count * bytes);
                pool.release(share, got);
              }
            } catch (RuntimeException | AssertionError e) {
              failed.completeExceptionally(e);
            }
            done.countDown();
          });
    }
    assertTrue(done.await(60, TimeUnit.SECONDS), "deadlock");
    assertFalse(failed.isCompletedExceptionally(), () -> failed.handle((r, e) -> "" + e).join());
    assertTrue(timedOut.get() > 0, "no thread ever met an empty pool");
  }
}
