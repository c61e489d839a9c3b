package io.dioagent.bench.footprint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Formats the samples of all variants as tables, one per JDK, and as JSON. */
final class FootprintReport {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static final String LEGEND =
      """
      Wall time and peak memory: medians, and in brackets the median of the differences to no agent \
      in the same round. Premain: from the first class of java.lang.instrument to the main class. \
      Classes: loaded until the program has done its work, and how many of them come from the JDK's \
      archive of class data. Modules archived: whether the boot layer comes from that archive, which \
      the JDK does not do under any -javaagent. Own archive: whether the program's classes come from \
      an archive of the program's own (-XX:ArchiveClassesAtExit). Threads: Java threads at the end.
      """;

  private static final String HEADER =
      """
      | JVM | wall ms | premain ms | peak RSS MiB | classes | archived | modules archived | own \
      archive | threads |
      |---|---|---|---|---|---|---|---|---|
      """;

  private FootprintReport() {}

  static String markdown(List<Measured> all, int rounds) {
    StringBuilder text = new StringBuilder();
    text.append(rounds).append(rounds == 1 ? " round.\n" : " rounds.\n").append(LEGEND);
    int release = 0;
    for (Measured measured : all) {
      if (measured.release() != release) {
        release = measured.release();
        text.append("\n### JDK ").append(release).append("\n\n").append(HEADER);
      }
      text.append(line(measured, baseline(all, measured)));
    }
    return text.toString();
  }

  private static Measured baseline(List<Measured> all, Measured measured) {
    return all.stream()
        .filter(other -> other.release() == measured.release())
        .filter(other -> other.variant().name().equals(measured.variant().beside()))
        .findFirst()
        .orElseThrow();
  }

  private static String line(Measured measured, Measured baseline) {
    String name = measured.variant().name();
    if (measured.whyNot().isPresent()) {
      return "| %s | does not run: %s | | | | | | | |%n"
          .formatted(name, measured.whyNot().get().replace("|", "\\|"));
    }
    List<Sample> samples = measured.samples();
    Sample last = samples.get(samples.size() - 1);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.0f | %s | %d | %d | %s | %s | %d |%n",
        name,
        besideBaseline(measured, baseline, Sample::wallMillis),
        median(samples.stream().map(Sample::premainMillis).toList()),
        besideBaseline(measured, baseline, Sample::peakMib),
        last.classes(),
        last.sharedClasses(),
        last.moduleGraphShared() ? "yes" : "no",
        last.ownArchiveUsed() ? "used" : "not used",
        last.threads().size());
  }

  private static String besideBaseline(
      Measured measured, Measured baseline, ToDoubleFunction<Sample> figure) {
    List<Double> values =
        measured.samples().stream().map(sample -> figure.applyAsDouble(sample)).toList();
    String median = String.format(Locale.ROOT, "%.0f", median(values));
    if (measured == baseline || baseline.samples().size() != values.size()) {
      return median;
    }
    List<Double> differences =
        IntStream.range(0, values.size())
            .mapToObj(i -> values.get(i) - figure.applyAsDouble(baseline.samples().get(i)))
            .toList();
    return median + String.format(Locale.ROOT, " (%+.0f)", median(differences));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  static String json(List<Measured> all) {
    JsonArray variants = new JsonArray();
    for (Measured measured : all) {
      JsonObject variant = new JsonObject();
      variant.addProperty("jdk", measured.release());
      variant.addProperty("name", measured.variant().name());
      measured.whyNot().ifPresent(why -> variant.addProperty("whyNot", why));
      variant.add("samples", GSON.toJsonTree(measured.samples()));
      variants.add(variant);
    }
    JsonObject report = new JsonObject();
    report.add("variants", variants);
    return GSON.toJson(report) + "\n";
  }
}
