package io.dioagent.runtime.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentDurationsTest {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final RecentDurations durations = new RecentDurations();

  @Test
  void eachValueIsInItsClass() {
    for (long value = 0; value < 1000; value++) {
      assertInClass(value);
    }
    for (int exponent = 10; exponent < 63; exponent++) {
      assertInClass((1L << exponent) - 1);
      assertInClass(1L << exponent);
      assertInClass((1L << exponent) + (1L << (exponent - 1)));
    }
    assertInClass(Long.MAX_VALUE);
  }

  private static void assertInClass(long value) {
    int found = RecentDurations.classOf(value);
    long last = RecentDurations.lastOf(found);
    assertTrue(value <= last && last - value <= value / 8, value + " in class up to " + last);
    assertTrue(found == 0 || RecentDurations.lastOf(found - 1) < value, value + " in " + found);
  }

  @Test
  void none() {
    RecentDurations.Snapshot none = durations.snapshot(0);
    assertEquals(0, none.count());
    assertEquals(0, none.maxNanos());
    assertEquals(0, none.atShare(0.99));
  }

  @Test
  void shares() {
    for (int i = 1; i <= 1000; i++) {
      durations.add(i * 1000L, 0);
    }
    RecentDurations.Snapshot all = durations.snapshot(0);
    assertEquals(1000, all.count());
    assertEquals(1_000_000, all.maxNanos());
    assertEquals(1_000_000, all.atShare(1));
    assertNear(500_000, all.atShare(0.5));
    assertNear(990_000, all.atShare(0.99));
  }

  private static void assertNear(long expected, long found) {
    assertTrue(found >= expected && found <= expected + expected / 8, found + " for " + expected);
  }

  @Test
  void onlyTheLastMinuteCounts() {
    long start = -5 * MINUTE_NANOS; // The clock may be negative.
    durations.add(1000, start);
    durations.add(50, start + MINUTE_NANOS / 2);
    assertEquals(2, durations.snapshot(start + MINUTE_NANOS / 2).count());
    RecentDurations.Snapshot later = durations.snapshot(start + MINUTE_NANOS + MINUTE_NANOS / 3);
    assertEquals(1, later.count());
    assertEquals(50, later.maxNanos());
    assertEquals(0, durations.snapshot(start + 3 * MINUTE_NANOS).count());
  }

  @Test
  void aPlaceIsUsedAgain() {
    for (int minute = 0; minute < 10; minute++) {
      durations.add(10 + minute, minute * MINUTE_NANOS);
      RecentDurations.Snapshot now = durations.snapshot(minute * MINUTE_NANOS);
      assertTrue(now.count() <= 2, now.count() + " in minute " + minute);
      assertEquals(10 + minute, now.maxNanos());
    }
  }
}
