package io.dioagent.bench.neighbours;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Study;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The study of neighbours: samples every variant in turns, in several rounds. */
public final class Neighbours implements Study {

  @Override
  public List<String> names() {
    return Arrays.stream(Variant.values()).map(Variant::toString).toList();
  }

  @Override
  public Findings measure(Extent extent, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException {
    Optional<String> whyNot = bench.whyNoAgent();
    if (whyNot.isEmpty()) {
      whyNot = MemoryGroup.whyNot();
    }
    if (whyNot.isPresent()) {
      progress.println("neighbours: skipped: " + whyNot.get());
      return Findings.skipped(whyNot.get());
    }
    MemoryGroup.Hierarchy hierarchy = MemoryGroup.Hierarchy.find().orElseThrow();
    Shape shape = Shape.of(extent.length(), extent.rounds());
    List<Variant> wanted =
        Arrays.stream(Variant.values())
            .filter(v -> v == Variant.ALONE || extent.includes(v.toString()))
            .toList();
    Results results = new Results(hierarchy.version(), shape);
    try (Experiment experiment = new Experiment(bench, hierarchy, shape)) {
      for (int round = 1; round <= shape.rounds(); round++) {
        extent.awaitCalm();
        for (Variant variant : wanted) {
          Sample sample = experiment.sample(variant);
          results.add(variant, sample);
          progress.printf(
              Locale.ROOT,
              "neighbours: round %d of %d, %s: p99 %.1f us, %.2f%% hits%n",
              round,
              shape.rounds(),
              variant.label(),
              sample.micros(99),
              sample.hitPercent());
        }
      }
    }
    results.draw(plots);
    return new Findings(results.markdown(), results.json(), true);
  }
}
