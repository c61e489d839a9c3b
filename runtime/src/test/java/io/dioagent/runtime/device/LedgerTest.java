package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.RequestInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final List<String> anomalies = new ArrayList<>();

  private final Ledger.Anomalies recorder =
      new Ledger.Anomalies() {
        @Override
        public void duplicate(Ledger.Issued issued, long id, long result) {
          anomalies.add(
              "duplicate of " + (issued == null ? "?" : issued.request().path()) + " " + result);
        }

        @Override
        public void unknown(long id, long result) {
          anomalies.add("unknown " + Long.toHexString(id) + " " + result);
        }
      };

  private static Io io(String name) {
    return new Io() {
      @Override
      public RequestInfo request() {
        return new RequestInfo(0, name, 0, 4096);
      }

      @Override
      public void completed(long result) {}

      @Override
      public void refused(int errno) {}
    };
  }

  @Test
  void oneCompletionEnds() {
    Ledger ledger = new Ledger(7, 2, recorder);
    Io first = io("first");
    Io second = io("second");
    long firstId = ledger.issue(first);
    long secondId = ledger.issue(second);
    assertEquals(2, ledger.inFlightCount());
    assertSame(second, ledger.end(secondId, 4096));
    assertSame(first, ledger.end(firstId, -5));
    assertEquals(0, ledger.inFlightCount());
    assertEquals(List.of(), anomalies);
  }

  @Test
  void theSecondCompletionIsADuplicateThatNamesItsRequest() {
    Ledger ledger = new Ledger(7, 1, recorder);
    long id = ledger.issue(io("a"));
    ledger.end(id, 4096);
    assertNull(ledger.end(id, 4096));
    assertEquals(List.of("duplicate of a 4096"), anomalies);
    // Another I/O has the slot now; the old id must neither end it nor name it in a report.
    Io next = io("b");
    long nextId = ledger.issue(next);
    assertNull(ledger.end(id, -5));
    assertEquals("duplicate of ? -5", anomalies.get(1));
    assertEquals(1, ledger.inFlightCount());
    assertSame(next, ledger.end(nextId, 512));
  }

  @Test
  void anIdNeverIssuedIsUnknown() {
    Ledger ledger = new Ledger(7, 2, recorder);
    long id = ledger.issue(io("a"));
    long generation = Ledger.MAX_SLOTS;
    long lane = 1L << 48;
    long[] foreign = {
      id + generation, // not issued yet
      id - generation, // generation 0
      id + lane,
      id - lane,
      id + 1, // the other slot, which has issued nothing
      id + 2, // a slot that there is not
      0,
      -1,
      Long.MIN_VALUE,
      0xdeadbeefL
    };
    for (long one : foreign) {
      assertNull(ledger.end(one, 1), Long.toHexString(one));
    }
    assertEquals(foreign.length, anomalies.size());
    assertTrue(anomalies.stream().allMatch(a -> a.startsWith("unknown ")), anomalies.toString());
    assertEquals(1, ledger.inFlightCount());
    assertTrue(ledger.end(id, 4096) != null);
  }

  @Test
  void idsAreNeverReusedAndSayTheirSlot() {
    Ledger ledger = new Ledger(0xffff, Ledger.MAX_SLOTS, recorder);
    Set<Long> seen = new HashSet<>();
    List<Long> inFlight = new ArrayList<>();
    Random random = new Random(42);
    for (int i = 0; i < 100_000; i++) {
      if (inFlight.size() < Ledger.MAX_SLOTS && (inFlight.isEmpty() || random.nextBoolean())) {
        long id = ledger.issue(io("x"));
        assertTrue(seen.add(id), "issued twice: " + Long.toHexString(id));
        assertEquals(0xffffL, id >>> 48);
        int slot = Ledger.slotOf(id);
        assertTrue(
            inFlight.stream().noneMatch(other -> Ledger.slotOf(other) == slot), "slot is taken");
        inFlight.add(id);
      } else {
        long id = inFlight.remove(random.nextInt(inFlight.size()));
        assertTrue(ledger.end(id, 1) != null);
      }
    }
    assertEquals(List.of(), anomalies);
  }

  /** Within a slot generations only go up, so that an older id is known as older. */
  @Test
  void generationsGoUp() {
    Ledger ledger = new Ledger(1, 1, recorder);
    long last = 0;
    for (int i = 0; i < 1000; i++) {
      long id = ledger.issue(io("x"));
      assertTrue(id > last);
      ledger.end(id, 1);
      if (last != 0) {
        assertNull(ledger.end(last, 1));
      }
      last = id;
    }
    assertEquals(999, anomalies.size());
    assertTrue(anomalies.stream().allMatch(a -> a.startsWith("duplicate ")));
  }

  @Test
  void fullLedgerRefuses() {
    Ledger ledger = new Ledger(1, 2, recorder);
    ledger.issue(io("a"));
    long id = ledger.issue(io("b"));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> ledger.issue(io("c")));
    assertEquals("all 2 slots of lane 1 are in flight", e.getMessage());
    ledger.end(id, 1);
    assertNotEquals(id, ledger.issue(io("c")));
    for (int slots : new int[] {0, Ledger.MAX_SLOTS + 1}) {
      assertThrows(IllegalArgumentException.class, () -> new Ledger(1, slots, recorder));
    }
  }

  /** One thread issues, two report the end of each: one report counts. */
  @Test
  void racingCompletionsEndOnce() throws Exception {
    AtomicInteger duplicates = new AtomicInteger();
    Ledger ledger =
        new Ledger(
            3,
            8,
            new Ledger.Anomalies() {
              @Override
              public void duplicate(Ledger.Issued issued, long id, long result) {
                duplicates.incrementAndGet();
              }

              @Override
              public void unknown(long id, long result) {
                throw new AssertionError("unknown " + id);
              }
            });
    int rounds = 20_000;
    long[] ids = new long[rounds];
    AtomicInteger issued = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Runnable reaper =
        () -> {
          for (int i = 0; i < rounds; i++) {
            while (issued.get() <= i) {
              Thread.onSpinWait();
            }
            if (ledger.end(ids[i], 1) != null) {
              ended.incrementAndGet();
            }
          }
        };
    Thread one = new Thread(reaper);
    Thread other = new Thread(reaper);
    one.start();
    other.start();
    for (int i = 0; i < rounds; i++) {
      while (ledger.inFlightCount() == 8) {
        Thread.onSpinWait();
      }
      ids[i] = ledger.issue(io("x"));
      issued.incrementAndGet();
    }
    one.join();
    other.join();
    assertEquals(rounds, ended.get());
    assertEquals(rounds, duplicates.get());
    assertEquals(0, ledger.inFlightCount());
  }
}
