package io.dioagent.bench.scaling;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Study;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.OpenFilesLimit;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The study of scaling: one series after the other, with subject and peer in turns. */
public final class Scaling implements Study {

  @Override
  public List<String> names() {
    return Plan.NAMES;
  }

  @Override
  public Findings measure(Extent extent, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException {
    Optional<String> whyNot = bench.whyNoAgent();
    if (whyNot.isPresent()) {
      progress.println("scaling: skipped: " + whyNot.get());
      return Findings.skipped(whyNot.get());
    }
    Optional<Fio> fio = Fio.find(bench.commands());
    long freeBytes = Files.getFileStore(bench.scratch().directory()).getUsableSpace();
    Plan plan = Plan.of(extent, OpenFilesLimit.hard(), freeBytes, fio.isPresent());
    Results results = new Results(plan);
    for (Series series : plan.series()) {
      try {
        results.add(series, measure(series, extent, new Sampler(bench, plan, fio), progress));
      } catch (IOException e) {
        progress.println("scaling: " + series.name() + " FAILED: " + e.getMessage());
        results.addFailure(series, e.getMessage().lines().findFirst().orElse(""));
      }
    }
    results.draw(plots);
    return new Findings(results.markdown(), results.json(), results.isComplete());
  }

  private static List<MeasuredPoint> measure(
      Series series, Extent extent, Sampler sampler, PrintStream progress)
      throws IOException, InterruptedException {
    List<MeasuredPoint> measured =
        series.points().stream()
            .map(point -> new MeasuredPoint(point, new ArrayList<>(), new ArrayList<>()))
            .toList();
    try (TestFiles files = TestFiles.create(sampler.directory(series), series.points())) {
      for (int round = 1; round <= extent.rounds(); round++) {
        extent.awaitCalm();
        for (MeasuredPoint point : measured) {
          Workload workload = point.point().workload();
          point.subject().add(sampler.subject(series, files, workload));
          if (sampler.hasPeer(series, workload)) {
            point.peer().add(sampler.peer(series, files, workload));
          }
          print(series, round, extent.rounds(), point, progress);
        }
      }
    }
    return measured;
  }

  private static void print(
      Series series, int round, int rounds, MeasuredPoint point, PrintStream progress) {
    progress.printf(
        Locale.ROOT,
        "scaling: round %d of %d, %s %.4g: %.1f us beside %s%n",
        round,
        rounds,
        series.axis(),
        point.point().x(),
        point.subject().get(round - 1).wallMicros(),
        point.peer().isEmpty()
            ? "nothing"
            : String.format(Locale.ROOT, "%.1f us", point.peer().get(round - 1).wallMicros()));
  }
}
