package io.dioagent.samples.seeds;

import io.dioagent.runtime.dio.BrokenPolicies;
import io.dioagent.runtime.dio.CompletionPolicy;
import io.dioagent.runtime.dio.ModelChecker;
import io.dioagent.runtime.dio.ModelChecker.Failure;
import io.dioagent.runtime.dio.Scenario;
import io.dioagent.runtime.dio.Scenario.Fate;
import io.dioagent.runtime.engine.KernelAio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Two races on the count of a request's I/Os. In the first, a thread drops its count and then
 * checks whether it was the last, although the completion has freed the request meanwhile. In the
 * second, the count is changed outside of the lock. The model checker finds an order of steps that
 * shows each race. Then real threads take the steps in that order, on a real write.
 */
final class CountRace implements Sample {
  private static final int BYTES = 4096;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** From small to large, so that the first failing one needs the fewest steps. */
  private static final List<Scenario> SCENARIOS =
      List.of(
          Scenario.of(List.of(Fate.OK), 0),
          Scenario.of(List.of(Fate.OK, Fate.ERROR), 0),
          Scenario.of(List.of(Fate.OK, Fate.OK), 1));

  /** A race, and the rule that it breaks. */
  private record Race(String name, CompletionPolicy.Maker broken, String violation) {}

  private static final List<Race> RACES =
      List.of(
          new Race(
              "look after drop",
              BrokenPolicies.LookAfterDrop::new,
              "submitter touched the request in submitted after it had ended"),
          new Race("count outside lock", BrokenPolicies.CountOutsideLock::new, "ended 0 times"));

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "there is a schedule in which the freed request is looked at and answered twice, and one"
            + " in which it is never answered; both happen when they are replayed",
        "no schedule breaks a rule; in the order of the same two the write is answered once");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path file = stage.written("count-race", RACES.size() * BYTES, (byte) 'o');
    long schedules = 0;
    long failures = 0;
    int once = 0;
    int twice = 0;
    int never = 0;
    int touches = 0;
    try (ModelChecker checker = new ModelChecker();
        RequestPath path = new RequestPath(stage, file, new KernelAio(), (byte) 'n', BYTES)) {
      for (int i = 0; i < RACES.size(); i++) {
        Race race = RACES.get(i);
        CompletionPolicy.Maker maker = variant.broken() ? race.broken() : RequestPath.RIGHT;
        long failing = 0;
        for (Scenario scenario : SCENARIOS) {
          ModelChecker.Verdict verdict = checker.check(scenario, maker);
          stage.happened(
              race.name()
                  + ": "
                  + verdict.failures()
                  + " of "
                  + verdict.schedules()
                  + " schedules of "
                  + scenario
                  + " break a rule");
          schedules += verdict.schedules();
          failing += verdict.failures();
          if (failing > 0) {
            break;
          }
        }
        failures += failing;
        Failure shortest =
            checker.check(SCENARIOS.get(0), race.broken(), race.violation()).shortest();
        stage.happened("the shortest that breaks it" + (variant.broken() ? "" : " when broken"));
        shortest.toString().lines().forEach(line -> stage.happened("  " + line.strip()));

        Replay replay = new Replay(shortest.steps());
        Request request = replay(path, (long) i * BYTES, maker, replay);
        stage.happened("replayed on " + file.getFileName() + ": " + request.answers());
        int answers = request.answers().size();
        never += answers == 0 ? 1 : 0;
        once += answers == 1 ? 1 : 0;
        twice += answers == 2 ? 1 : 0;
        touches += replay.touchesAfterFreed();
      }
    }
    stage.fact("schedules", schedules);
    stage.fact("failing schedules", failures);
    stage.fact("answered never", never);
    stage.fact("answered once", once);
    stage.fact("answered twice", twice);
    stage.fact("touches after freed", touches);
  }

  /** Writes a block. The threads end, except for a submitter that never gets an answer. */
  private static Request replay(
      RequestPath path, long offset, CompletionPolicy.Maker maker, Replay replay)
      throws InterruptedException {
    BlockingQueue<Request> made = new ArrayBlockingQueue<>(1);
    CountDownLatch submitted = new CountDownLatch(1);
    Thread submitter =
        new Thread(
            () -> {
              replay.begin("submitter");
              Request request = path.newRequest(offset, BYTES, maker, replay);
              made.add(request);
              request.queue(0, BYTES);
              request.submitted(BYTES);
              replay.end();
              submitted.countDown();
              request.await();
            },
            "submitter");
    submitter.setDaemon(true);
    submitter.start();
    Request request = made.take();
    replay.begin("I/O 1");
    path.reap(1).get(0).hand();
    replay.end();
    submitted.await();
    request.await(DEADLINE);
    return request;
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long schedules = outcome.fact("schedules");
    long failing = outcome.fact("failing schedules");
    long touches = outcome.fact("touches after freed");
    int duplicates = outcome.count("DuplicateCompletion");
    int lost = outcome.count("LostCompletion");
    return Verdict.of(
        failing > 0
            && outcome.fact("answered twice") == 1
            && outcome.fact("answered never") == 1
            && touches > 0
            && duplicates == 1
            && lost == 1,
        schedules > 0
            && failing == 0
            && outcome.fact("answered once") == RACES.size()
            && touches == 0
            && duplicates == 0
            && lost == 0,
        failing
            + " of "
            + schedules
            + " schedules break a rule; replayed: "
            + outcome.fact("answered once")
            + " answered once, "
            + outcome.fact("answered twice")
            + " twice, "
            + outcome.fact("answered never")
            + " never");
  }
}
