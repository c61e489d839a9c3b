package io.dioagent.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The extent of a claim, and many threads that claim at once. */
@Tag("host")
class PageClaimsTest {
  private static final long PAGE = Linux.PAGE_BYTES;

  private static PageClaim cached(long offset, long lengthBytes) {
    PageClaim claim = new PageClaim();
    claim.add(offset, lengthBytes, false);
    return claim;
  }

  private static PageClaim direct(long offset, long lengthBytes) {
    return PageClaim.direct(offset, lengthBytes);
  }

  @Test
  void pagesThatAreTouchedInPartCount() {
    assertTrue(direct(PAGE, PAGE).excludes(cached(2 * PAGE - 1, 1)));
    assertTrue(direct(PAGE, PAGE).excludes(cached(PAGE - 1, 2)));
    assertFalse(direct(PAGE, PAGE).excludes(cached(PAGE - 1, 1)));
    assertFalse(direct(PAGE, PAGE).excludes(cached(2 * PAGE, 1)));
    assertFalse(direct(PAGE, PAGE).excludes(direct(0, 9 * PAGE)));
    assertFalse(cached(PAGE, PAGE).excludes(cached(0, 9 * PAGE)));
    assertTrue(PageClaim.cachedFile().excludes(direct(Long.MAX_VALUE - PAGE, PAGE)));
    assertTrue(cached(Long.MAX_VALUE - 5, 5).excludes(direct(Long.MAX_VALUE - 5, 5)));
  }

  @Test
  void headsAndTailsAreCached() {
    PageClaim claim = new PageClaim();
    claim.add(100, PAGE - 100, false);
    claim.add(PAGE, 2 * PAGE, true);
    claim.add(3 * PAGE, 7, false);
    assertTrue(claim.excludes(direct(0, PAGE)));
    assertFalse(claim.excludes(direct(PAGE, 2 * PAGE)));
    assertTrue(claim.excludes(direct(3 * PAGE, PAGE)));
    assertFalse(claim.excludes(direct(4 * PAGE, PAGE)));
    assertTrue(claim.excludes(cached(2 * PAGE, 1)));
    assertFalse(claim.excludes(cached(3 * PAGE, 1)));
    assertTrue(claim.holdsCached(100, 5));
    assertFalse(claim.holdsCached(100, PAGE));
    assertTrue(claim.holdsCached(3 * PAGE, 7));
  }

  /**
   * A chunk that ends within a page, and similar ones: bytes between direct parts are cached, too.
   */
  @Test
  void bytesBetweenDirectPartsAreBoth() {
    PageClaim claim = new PageClaim();
    claim.add(0, PAGE, true);
    claim.add(PAGE, 10, false);
    claim.add(2 * PAGE, PAGE, true);
    claim.add(3 * PAGE, 10, false);
    assertTrue(claim.excludes(direct(PAGE, PAGE)));
    assertTrue(claim.excludes(cached(0, 1)));
    assertTrue(claim.excludes(cached(2 * PAGE, 1)));
    assertTrue(claim.excludes(direct(3 * PAGE, PAGE)));
    assertFalse(claim.excludes(direct(4 * PAGE, PAGE)));
  }

  @Test
  void aTimeThatComesFirstKeepsThePlace() {
    PageClaims claims = new PageClaims();
    PageClaim holder = direct(0, PAGE);
    PageClaim next = cached(0, PAGE);
    PageClaim last = direct(0, PAGE);
    assertTrue(claims.claim(holder));
    assertFalse(claims.claim(next));
    assertFalse(claims.tryClaim(last), "it would overtake");
    assertEquals(PageClaim.State.GONE, last.state());
    assertFalse(claims.claim(last));
    assertFalse(claims.await(next, Limit.until(System.nanoTime() + 1_000_000)));
    claims.release(holder);
    assertTrue(claims.await(next, Limit.NOW));
    assertFalse(last.isHeld());
    claims.release(next);
    claims.release(next); // A second release does nothing.
    assertTrue(last.isHeld());
    claims.release(last);
    assertFalse(claims.hasWaiting());
  }

  @Test
  void oneThatGivesUpLetsThoseBehindItPass() {
    PageClaims claims = new PageClaims();
    PageClaim holder = direct(0, PAGE);
    PageClaim givesUp = cached(0, PAGE);
    PageClaim behind = direct(0, PAGE);
    assertTrue(claims.claim(holder));
    assertFalse(claims.claim(givesUp));
    assertFalse(claims.claim(behind));
    claims.release(givesUp);
    assertTrue(behind.isHeld());
  }

  /** An interrupt stays, and does not end the wait. */
  @Test
  void interruptsAreKept() throws Exception {
    PageClaims claims = new PageClaims();
    PageClaim holder = direct(0, PAGE);
    PageClaim waiter = cached(0, PAGE);
    assertTrue(claims.claim(holder));
    assertFalse(claims.claim(waiter));
    AtomicReference<String> seen = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              boolean held = claims.await(waiter, Limit.FOREVER);
              seen.set(held + " " + Thread.currentThread().isInterrupted());
            });
    thread.start();
    thread.interrupt();
    Thread.sleep(20);
    claims.release(holder);
    thread.join(60_000);
    assertEquals("true true", seen.get());
  }

  /** Counts the claims in each page by kind; some give up. */
  @Test
  void manyThreads() throws Exception {
    int threadCount = 8;
    int pages = 6;
    int rounds = Integer.getInteger("dio.test.claims.rounds", 5_000);
    PageClaims claims = new PageClaims();
    AtomicIntegerArray cachedIn = new AtomicIntegerArray(pages);
    AtomicIntegerArray directIn = new AtomicIntegerArray(pages);
    AtomicReference<String> wrong = new AtomicReference<>();
    AtomicLong gaveUp = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < threadCount; t++) {
      Random random = new Random(t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < rounds && wrong.get() == null; i++) {
                  int from = random.nextInt(pages);
                  int count = 1 + random.nextInt(pages - from);
                  boolean isDirect = random.nextInt(3) > 0;
                  PageClaim claim = new PageClaim();
                  claim.add(from * PAGE, count * PAGE, isDirect);
                  boolean held = claims.claim(claim);
                  boolean patient = random.nextInt(4) > 0;
                  held =
                      held
                          || claims.await(
                              claim,
                              Limit.until(
                                  System.nanoTime() + (patient ? 60_000_000_000L : 20_000)));
                  if (!held && patient) {
                    wrong.compareAndSet(null, "it was not woken: " + claim);
                  }
                  if (held) {
                    AtomicIntegerArray mine = isDirect ? directIn : cachedIn;
                    AtomicIntegerArray others = isDirect ? cachedIn : directIn;
                    for (int page = from; page < from + count; page++) {
                      mine.incrementAndGet(page);
                      if (others.get(page) != 0) {
                        wrong.compareAndSet(null, "both in page " + page);
                      }
                    }
                    LockSupport.parkNanos(1);
                    for (int page = from; page < from + count; page++) {
                      mine.decrementAndGet(page);
                    }
                  } else {
                    gaveUp.incrementAndGet();
                  }
                  claims.release(claim);
                }
              });
      threads.add(thread);
      thread.start();
    }
    joinAll(threads);
    assertEquals(null, wrong.get());
    assertTrue(claims.tryClaim(PageClaim.cachedFile()), "all are gone");
    System.out.println("page claims: " + gaveUp + " gave up");
  }

  private static void joinAll(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(120_000);
      assertFalse(thread.isAlive());
    }
  }
}
