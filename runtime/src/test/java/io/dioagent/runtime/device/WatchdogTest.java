package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private final List<Watchdog> watchdogs = new ArrayList<>();

  private Watchdog newWatchdog() {
    Watchdog watchdog = new Watchdog();
    watchdogs.add(watchdog);
    return watchdog;
  }

  @AfterEach
  void close() {
    watchdogs.forEach(Watchdog::close);
  }

  @Test
  void asksUntilThereIsNothingToLookAfter() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    newWatchdog().add(() -> asked.incrementAndGet() == 3);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (asked.get() < 3) {
      assertTrue(System.nanoTime() < end, "asked only " + asked);
      Thread.sleep(1);
    }
    Thread.sleep(100);
    assertTrue(asked.get() == 3, "asked on: " + asked);
  }

  @Test
  void asksOthersWhenOneIsDefect() throws Exception {
    Watchdog watchdog = newWatchdog();
    CountDownLatch asked = new CountDownLatch(3);
    AtomicInteger defects = new AtomicInteger();
    AtomicInteger errors = new AtomicInteger();
    Watchdog.Ward good =
        () -> {
          asked.countDown();
          return asked.getCount() == 0;
        };
    watchdog.add(
        () -> {
          defects.incrementAndGet();
          throw new IllegalStateException("a ward's defect, as this test wants it");
        });
    watchdog.add(
        () -> {
          errors.incrementAndGet();
          throw new AssertionError("a ward's error, as this test wants it");
        });
    watchdog.add(good);
    assertTrue(asked.await(60, TimeUnit.SECONDS));
    assertEquals(1, defects.get(), "a defect one is not asked again");
    assertEquals(1, errors.get());
  }

  @Test
  void doesNotCheckARemovedWard() throws Exception {
    Watchdog watchdog = newWatchdog();
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean removed = new AtomicBoolean();
    AtomicBoolean askedAfter = new AtomicBoolean();
    Watchdog.Ward ward =
        () -> {
          askedAfter.compareAndSet(false, removed.get());
          asked.countDown();
          return false;
        };
    watchdog.add(ward);
    assertTrue(asked.await(60, TimeUnit.SECONDS));
    watchdog.remove(ward);
    Thread.sleep(60);
    removed.set(true);
    Thread.sleep(60);
    assertFalse(askedAfter.get());
  }

  /**
   * Added just as the watchdog goes to sleep because it has no wards: 16 of them, each 60 times.
   */
  @Test
  void noLostWakeUp() throws Exception {
    CountDownLatch done = new CountDownLatch(16);
    for (int i = 0; i < 16; i++) {
      int seed = i;
      Watchdog watchdog = newWatchdog();
      Thread thread =
          new Thread(
              () -> {
                Random random = new Random(seed);
                for (int round = 0; round < 60; round++) {
                  CountDownLatch asked = new CountDownLatch(1);
                  watchdog.add(
                      () -> {
                        asked.countDown();
                        return true;
                      });
                  try {
                    if (!asked.await(60, TimeUnit.SECONDS)) {
                      return;
                    }
                  } catch (InterruptedException e) {
                    return;
                  }
                  // It rests 20 ms after a round, and then finds no ward.
                  LockSupport.parkNanos(19_500_000 + random.nextInt(1_500_000));
                }
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    assertTrue(done.await(60, TimeUnit.SECONDS), done.getCount() + " wards were never asked");
  }
}
