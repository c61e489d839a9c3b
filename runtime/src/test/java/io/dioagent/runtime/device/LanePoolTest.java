package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LanePoolTest {
  private final List<ScriptedContext> contexts = new ArrayList<>();
  private final List<String> anomalies = new ArrayList<>();
  private int contextsAllowed = Integer.MAX_VALUE;

  private final AioEngine engine =
      new AioEngine() {
        @Override
        public AioContext open(int depth) throws AioUnavailableException {
          if (contexts.size() >= contextsAllowed) {
            throw new AioUnavailableException(Errno.EAGAIN, "no more than " + contextsAllowed);
          }
          contexts.add(new ScriptedContext());
          return contexts.get(contexts.size() - 1);
        }
      };

  private final LanePool pool =
      new LanePool(
          engine,
          4,
          new Ledger.Anomalies() {
            @Override
            public void duplicate(Ledger.Issued issued, long id, long result) {
              anomalies.add("duplicate " + Long.toHexString(id));
            }

            @Override
            public void unknown(long id, long result) {
              anomalies.add("unknown " + Long.toHexString(id));
            }
          });

  private static Limit in(long millis) {
    return Limit.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** An I/O that keeps its result. */
  private static final class Remembered implements Io {
    private long result = Long.MIN_VALUE;

    @Override
    public RequestInfo request() {
      return new RequestInfo(0, "x", 0, 1);
    }

    @Override
    public void completed(long newResult) {
      result = newResult;
    }

    @Override
    public void refused(int errno) {
      result = -errno;
    }
  }

  @Test
  void oneBorrowerAtATime() {
    Lane first = pool.borrow(in(0));
    Lane second = pool.borrow(in(0));
    assertNotSame(first, second);
    assertEquals(2, contexts.size());
    pool.giveBack(first);
    assertSame(first, pool.borrow(in(0)), "lent again");
    assertEquals(2, contexts.size());
    assertNull(pool.whyNotDirect());
    pool.giveBack(first);
    pool.giveBack(second);
    pool.close();
    assertTrue(contexts.stream().allMatch(context -> context.closed));
  }

  @Test
  void aLaneWithSomethingInFlightIsNotTakenBack() {
    Lane lane = pool.borrow(in(0));
    lane.queue(new Remembered(), 1, 4096, 4096, 0, 0);
    lane.submit();
    assertEquals(1, pool.inFlight());
    assertThrows(IllegalStateException.class, () -> pool.giveBack(lane));
    contexts.get(0).complete(contexts.get(0).taken.get(0), 4096);
    lane.reap(1, 0);
    assertEquals(0, pool.inFlight());
    pool.giveBack(lane);
    pool.close();
  }

  /** The limit of contexts is reached: a writer waits for one, and does not go buffered. */
  @Test
  void whenThereAreNoMoreContextsTheNextWaits() throws Exception {
    contextsAllowed = 1;
    Lane only = pool.borrow(in(0));
    assertTrue(only.canGoDirect());
    assertNull(pool.borrow(in(20)));
    CompletableFuture<Lane> next = new CompletableFuture<>();
    Thread waiter = new Thread(() -> next.complete(pool.borrow(in(10_000))));
    waiter.start();
    Thread.sleep(20);
    assertFalse(next.isDone());
    waiter.interrupt();
    Thread.sleep(20);
    assertFalse(next.isDone(), "an interrupt does not end the wait");
    pool.giveBack(only);
    assertSame(only, next.get(60, TimeUnit.SECONDS));
    pool.giveBack(only);
    pool.close();
  }

  @Test
  void withoutAnyContextThereAreLanesAllTheSame() {
    contextsAllowed = 0;
    Lane first = pool.borrow(in(0));
    Lane second = pool.borrow(in(0));
    assertFalse(first.canGoDirect() || second.canGoDirect());
    assertNotSame(first, second);
    assertEquals("no more than 0", pool.whyNotDirect());
    pool.giveBack(first);
    assertSame(first, pool.borrow(in(0)));
    pool.giveBack(first);
    pool.giveBack(second);
    pool.close();
  }

  @Test
  void closingTakesTheOthersAsTheyComeBack() {
    Lane free = pool.borrow(in(0));
    Lane lent = pool.borrow(in(0));
    pool.giveBack(free);
    pool.close();
    assertTrue(contexts.get(0).closed);
    assertFalse(contexts.get(1).closed);
    pool.giveBack(lent);
    assertTrue(contexts.get(1).closed);
  }

  @Test
  void madeLanesAreTheirOwners() {
    Lane made = pool.make(100);
    assertEquals(100, made.depth());
    assertNotSame(made, pool.borrow(in(0)));
    pool.dispose(made);
    assertTrue(contexts.get(0).closed);
    contextsAllowed = 0;
    assertFalse(pool.make(1).canGoDirect());
  }

  /** A lane's number has 16 bits in an id: a long-lived runtime makes more lanes than that. */
  @Test
  void theHundredThousandthLaneKnowsItsOwnCompletions() {
    Set<Long> requestIds = new HashSet<>();
    for (int i = 0; i < 70_000; i++) {
      Lane lane = pool.make(1);
      assertTrue(requestIds.add(lane.nextRequestId()), "lane " + i + " reuses an id");
      assertTrue(requestIds.add(lane.nextRequestId()), "lane " + i + " reuses an id");
      if (i % 1000 == 0 || (i > 65_500 && i < 65_600)) {
        Remembered io = new Remembered();
        lane.queue(io, 1, 4096, 4096, 0, 0);
        lane.submit();
        ScriptedContext context = contexts.get(contexts.size() - 1);
        context.complete(context.taken.get(0), 4096);
        lane.reap(1, 0);
        assertEquals(4096, io.result, "lane " + i + ": " + anomalies);
      }
      pool.dispose(lane);
      contexts.clear();
    }
    pool.close();
  }
}
