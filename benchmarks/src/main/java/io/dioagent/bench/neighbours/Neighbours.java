package io.dioagent.bench.neighbours;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Length;
import io.dioagent.bench.Study;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The study: every variant in turns, several times. */
public final class Neighbours implements Study {

  @Override
  public Findings measure(Length length, Bench bench, Path plots, PrintStream progress)
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
    Shape shape = Shape.of(length);
    Results results = new Results(hierarchy.version(), shape);
    try (Experiment experiment = new Experiment(bench, hierarchy, shape)) {
      for (int round = 1; round <= shape.rounds(); round++) {
        for (Variant variant : Variant.values()) {
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
