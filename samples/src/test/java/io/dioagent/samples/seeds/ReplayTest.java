package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ReplayTest {
  private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

  private Thread actor(Replay replay, String name, int steps) {
    Thread thread =
        new Thread(
            () -> {
              replay.begin(name);
              for (int i = 0; i < steps; i++) {
                step(replay, i % 2 == 0);
                taken.add(name);
              }
              replay.end();
            });
    thread.start();
    return thread;
  }

  private static void step(Replay replay, boolean underLock) {
    if (!underLock) {
      replay.step();
      return;
    }
    replay.lock().lock();
    try {
      // Taking the lock is the step.
    } finally {
      replay.lock().unlock();
    }
  }

  private List<String> replay(List<String> schedule, int stepsOfA, int stepsOfB)
      throws InterruptedException {
    taken.clear();
    Replay replay = new Replay(schedule.stream().map(actor -> actor + ": a step").toList());
    Thread a = actor(replay, "a", stepsOfA);
    Thread b = actor(replay, "b", stepsOfB);
    a.join();
    b.join();
    return List.copyOf(taken);
  }

  @Test
  void stepsAreTakenInTheOrderOfTheSchedule() throws Exception {
    for (List<String> schedule :
        List.of(
            List.of("a", "a", "b", "b"),
            List.of("b", "a", "b", "a"),
            List.of("a", "b", "b", "a"),
            List.of("b", "b", "a", "a"))) {
      assertEquals(schedule, replay(schedule, 2, 2));
    }
  }

  @Test
  void anActorWithFewerStepsIsNotWaitedFor() throws Exception {
    assertEquals(List.of("b", "a", "b"), replay(List.of("b", "a", "a", "a", "b"), 1, 2));
  }

  @Test
  void stepsBeyondTheScheduleAreTakenAtTheEnd() throws Exception {
    assertEquals(List.of("b", "a", "a", "a"), replay(List.of("b", "a"), 3, 1));
  }

  @Test
  void anAccessAfterAnotherThreadFreedIsCounted() throws Exception {
    Replay replay = new Replay(List.of());
    replay.begin("a");
    replay.step();
    replay.freed();
    replay.step();
    assertEquals(0, replay.touchesAfterFreed());
    replay.end();
    actor(replay, "b", 3).join();
    assertEquals(3, replay.touchesAfterFreed());
  }
}
