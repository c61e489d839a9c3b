package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.samples.TargetDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs aio-stress with random faults derived from seeds. Every request must end exactly once, and
 * every sector must hold the reported contents.
 *
 * <p>{@code -Ddio.stress.schedules=N} sets their number, and {@code -Ddio.stress.seed=N} the first
 * seed. {@code samples/aio-stress --schedule SEED FILE} runs one.
 */
@Tag("full")
class RandomFaultsIT {
  private static final int SCHEDULES = Integer.getInteger("dio.stress.schedules", 1000);
  private static final long FIRST_SEED = Long.getLong("dio.stress.seed", 1);
  private static final int AT_ONCE = 6;

  /** So many schedules meet each kind of fault, many times. */
  private static final int ENOUGH = 300;

  /** Limits the failures; past it, no further schedule is run. */
  private static final int MOST_FAILURES = 5;

  // On the disk that the project is on.
  @TempDir(factory = TargetDirectory.class)
  Path directory;

  private final List<String> failures = new ArrayList<>();
  private final Map<FaultKind, Long> hits = new EnumMap<>(FaultKind.class);
  private long issued;
  private long failed;
  private long lost;
  private long late;
  private long dropped;

  @Test
  void everyRequestEndsOnceAndEverySectorHoldsTheReportedBytes() throws Exception {
    DirectIo.need(directory);
    ExecutorService runs = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
        long one = seed;
        all.add(runs.submit(() -> run(one)));
      }
      for (Future<?> run : all) {
        run.get();
      }
    } finally {
      runs.shutdownNow();
      assertTrue(runs.awaitTermination(1, TimeUnit.MINUTES), "a schedule does not end");
    }
    System.out.printf(
        "RandomFaultsIT: %d schedules from seed %d: issued=ended=%d failed=%d lost=%d late=%d"
            + " duplicates-and-unknown-dropped=%d faults=%s%n",
        SCHEDULES, FIRST_SEED, issued, failed, lost, late, dropped, hits);
    assertTrue(failures.isEmpty(), () -> String.join("\n", failures));
    if (SCHEDULES >= ENOUGH) {
      assertEquals(List.of(FaultKind.values()), List.copyOf(hits.keySet()), "kinds that struck");
      assertTrue(lost > 0 && late > 0 && dropped > 0, "too tame");
    }
  }

  private void run(long seed) {
    synchronized (this) {
      if (failures.size() >= MOST_FAILURES) {
        return;
      }
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    try (PrintStream err = new PrintStream(messages, true, StandardCharsets.UTF_8)) {
      Path file = directory.resolve("schedule-" + seed);
      StressResult result = new StressRun(Schedule.of(seed, file), EventSink.none(), err).run();
      Files.delete(file);
      add(result);
      String wrong = whatIsWrong(result);
      if (!wrong.isEmpty()) {
        fail(seed, wrong + "; " + result.summary(), messages);
      }
    } catch (Exception | Error e) {
      fail(seed, e.toString(), messages);
    }
  }

  private static String whatIsWrong(StressResult result) {
    List<String> wrong = new ArrayList<>();
    expect(wrong, "requests not ended", 0, result.issued() - result.ended());
    expect(wrong, "duplicates delivered", 0, result.duplicate());
    expect(wrong, "unknown delivered", 0, result.unknown());
    expect(wrong, "bytes differing", 0, result.differing());
    expect(wrong, "threads left", 0, result.threadsLeft());
    expect(wrong, "defects", 0, result.defects());
    Statistics runtime = result.statistics().orElseThrow();
    // Only requests that an injected fault has lost may be left.
    long neverCome = result.faultHits().getOrDefault(FaultKind.LOSE, 0L);
    if (runtime.inFlight() > neverCome) {
      wrong.add("I/Os in flight " + runtime.inFlight() + ", expected at most " + neverCome);
    }
    expect(
        wrong,
        "lost and neither late nor never started",
        neverCome,
        runtime.lost() - runtime.late() - runtime.notStarted());
    expect(wrong, "bytes not quarantined", 0, runtime.bufferBytes() - runtime.quarantinedBytes());
    if (neverCome == 0) {
      expect(wrong, "bytes quarantined", 0, runtime.quarantinedBytes());
    }
    expect(wrong, "open files", 0, runtime.openFiles());
    return String.join(", ", wrong);
  }

  private static void expect(List<String> wrong, String what, long expected, long actual) {
    if (actual != expected) {
      wrong.add(what + " " + actual + ", expected " + expected);
    }
  }

  private synchronized void add(StressResult result) {
    Statistics runtime = result.statistics().orElseThrow();
    issued += result.issued();
    failed += result.failed();
    lost += result.lost();
    late += result.late();
    dropped += runtime.duplicates() + runtime.unknown();
    result.faultHits().forEach((kind, count) -> hits.merge(kind, count, Long::sum));
  }

  private synchronized void fail(long seed, String wrong, ByteArrayOutputStream messages) {
    String failure =
        "schedule "
            + seed
            + ": "
            + wrong
            + "\n  again: samples/aio-stress --schedule "
            + seed
            + " FILE\n  which is: aio-stress "
            + String.join(" ", CommandText.words(Schedule.of(seed, Path.of("FILE"))))
            + "\n"
            + messages.toString(StandardCharsets.UTF_8).indent(2);
    System.out.println(failure);
    failures.add(failure);
  }
}
