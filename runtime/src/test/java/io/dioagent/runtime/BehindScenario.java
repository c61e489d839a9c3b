package io.dioagent.runtime;

import static io.dioagent.runtime.ScheduledWorld.check;
import static io.dioagent.runtime.ScheduledWorld.join;
import static io.dioagent.runtime.ScheduledWorld.pass;
import static io.dioagent.runtime.ScheduledWorld.start;

import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.behind.BehindBounds;
import io.dioagent.runtime.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Writes that callers make themselves, in one schedule. They take their time, and write nothing.
 * {@link ScheduledWorld} checks the end: no bytes to be written back, no trail, no place, each lost
 * one late.
 */
final class BehindScenario {
  private static final int MIB = 1 << 20;

  /** A write at this offset may hang, and so be reported; no other one. */
  private static final long HANGING = 3L * MIB;

  private final ScheduledWorld world;
  private int lostCount;
  private String wrong;

  BehindScenario(ScheduledWorld world) {
    this.world = world;
  }

  private static void write(DirectFile file, long position, int lengthBytes, CallerWrite call)
      throws IOException {
    long written = file.tryWriteBehind(position, lengthBytes, call);
    if (written == DirectFile.NOT_READY) {
      written = file.writeBehind(position, lengthBytes, call);
    }
    check(written == lengthBytes, "returned " + written);
  }

  private static void write(DirectFile file, long position, int lengthBytes) throws IOException {
    write(file, position, lengthBytes, () -> lengthBytes);
  }

  private DirectFile open() throws IOException {
    return world.runtime.open(Path.of(System.getProperty(ScheduledWorld.FILE)), Worlds.BEHIND);
  }

  /** One thread's writes take the same place, one after the other; the last but one hangs. */
  void hang() throws IOException {
    world.runtime.listen(new Lost());
    Thread other =
        start(
            "other",
            () -> {
              write(world.file, MIB, 100, () -> takes(20));
              write(world.file, MIB, 100);
            });
    for (int i = 0; i < 2; i++) {
      write(world.file, 0, 100, () -> takes(10 + 10L * Schedules.choice(4)));
    }
    write(world.file, HANGING, 100, () -> takes(40 + 20L * Schedules.choice(8)));
    write(world.file, 100, 100);
    join(other);
    check(world.runtime.inFlight().isEmpty(), "in flight: " + world.runtime.inFlight());
    synchronized (this) {
      check(wrong == null, wrong);
      check(lostCount <= 1, lostCount + " reports");
      check(lostCount == world.runtime.statistics().lost(), "counted otherwise");
    }
  }

  private static long takes(long millis) {
    pass(millis);
    return 100;
  }

  private final class Lost implements AnomalyListener {
    @Override
    public void lost(RequestInfo request, long ageNanos, long deadlineNanos, String reason) {
      synchronized (BehindScenario.this) {
        lostCount++;
        wrong = request.offset() == HANGING ? wrong : "lost: " + request;
      }
    }

    @Override
    public void late(RequestInfo request, long ageNanos, long result, boolean delivered) {}

    @Override
    public void duplicate(RequestInfo request, long ageNanos, String reason) {}

    @Override
    public void failed(RequestInfo request, long ageNanos, long result, String reason) {}
  }

  void comeAndGo() throws IOException {
    Thread other = start("other", this::useTwice);
    useTwice();
    write(world.file, MIB, MIB);
    join(other);
  }

  private void useTwice() throws IOException {
    for (int i = 0; i < 2; i++) {
      DirectFile mine = open();
      write(mine, 0, MIB);
      write(mine, 2L * MIB, 100);
      mine.close();
    }
  }

  void endLate() throws IOException {
    DirectFile mine = open();
    CountDownLatch inside = new CountDownLatch(1);
    Thread writer =
        start(
            "writer",
            () ->
                write(
                    mine,
                    0,
                    100,
                    () -> {
                      inside.countDown();
                      pass(Schedules.choice(3));
                      return 100;
                    }));
    try {
      inside.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    mine.close();
    join(writer);
  }

  void waitForBound() throws IOException {
    BehindBounds.limit(world.runtime.trails(), world.file.context(), MIB);
    Thread other = start("other", () -> write(world.file, 4L * MIB, MIB));
    write(world.file, 0, 100);
    write(world.file, MIB, MIB);
    write(world.file, 2L * MIB, MIB);
    join(other);
    world.checkPrompt();
  }
}
