package io.dioagent.bench.neighbours;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.bench.MarkdownTable;
import io.dioagent.bench.Summary;
import io.dioagent.bench.plot.Curve;
import io.dioagent.bench.plot.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Collects all samples, and reports medians of the rounds. */
final class Results {
  /**
   * Limits the reader's p99 beside a neighbour under the agent, over its p99 alone; past it, the
   * verdict is short.
   */
  private static final double TARGET = 1.2;

  private static final double TARGET_PERCENTILE = 99;
  private static final double MIB = 1L << 20;
  private static final List<String> HEADER =
      List.of(
          "the reader, beside",
          "p50",
          "p99",
          "p99.9",
          "p99 over alone",
          "spread",
          "hits",
          "slow",
          "resident",
          "refaults",
          "neighbour writes",
          "target",
          "");
  private static final String STREAM_PICTURE = "neighbours-stream-latency.svg";
  private static final String MERGE_PICTURE = "neighbours-merge-latency.svg";
  private static final String HITS_PICTURE = "neighbours-hits.svg";

  private final int groupVersion;
  private final Shape shape;
  private final Map<Variant, List<Sample>> samples = new EnumMap<>(Variant.class);

  Results(int groupVersion, Shape shape) {
    this.groupVersion = groupVersion;
    this.shape = shape;
  }

  /** Adds a sample of the next round; ALONE is the first of a round. */
  void add(Variant variant, Sample sample) {
    samples.computeIfAbsent(variant, ignored -> new ArrayList<>()).add(sample);
  }

  String markdown() {
    List<List<String>> lines = samples.keySet().stream().map(this::cells).toList();
    return """
        A reader and its neighbour, a JVM each, share a control group (version %d) of %.0f MiB, heaps and
        page cache together. The reader reads 4 KiB at random in a file of %.0f MiB, %d times a second,
        after it has read each block of it once in random order. Latencies are service times, from the
        call of a read to its return (fio's clat), not from when it was due. The stream writes a new
        file, 64 KiB at a time, %.0f MB/s; the merge is Lucene's forceMerge(1) of %.0f MiB, again and
        again. The neighbour is at work for %.1f s before, and for all of the %.1f s that are measured.
        Medians of %d rounds, each all variants one after the other; ratio and spread (quartiles) by
        round. hits: reads that did not have to wait (voluntary context switches of the reader's
        thread, which spins between two reads); slow: reads longer than %d us, for whatever reason;
        resident: the part of the reader's file in the page cache (mincore); refaults: pages that the
        group fetched again; neighbour writes: to files, by its own account. A merge reads as much as
        it writes, and only read=direct, here with write=pipelined, keeps that out of the page cache.

        """
            .formatted(
                groupVersion,
                shape.groupBytes() / MIB,
                shape.readerFileBytes() / MIB,
                shape.readsPerSecond(),
                shape.streamBytesPerSecond() / 1e6,
                shape.indexBytes() / MIB,
                shape.lead().toMillis() / 1e3,
                shape.measured().toMillis() / 1e3,
                shape.rounds(),
                ReaderWorker.SLOW_NANOS / 1000)
        + MarkdownTable.of(HEADER, lines)
        + "\n![Latency beside a stream](plots/%s)\n![Latency beside a merge](plots/%s)\n![Hits](plots/%s)\n"
            .formatted(STREAM_PICTURE, MERGE_PICTURE, HITS_PICTURE);
  }

  private List<String> cells(Variant variant) {
    Summary ratio = Summary.of(ratiosToAlone(variant));
    boolean alone = variant == Variant.ALONE;
    boolean aimed = variant.agentOptions().isPresent();
    return List.of(
        variant.label(),
        micros(variant, 50),
        micros(variant, 99),
        micros(variant, 99.9),
        alone ? "" : format("%.2f x", ratio.median()),
        alone ? "" : format("%.2f to %.2f", ratio.lower(), ratio.upper()),
        format("%.3f%%", median(variant, Sample::hitPercent)),
        format("%.3f%%", median(variant, Sample::slowPercent)),
        format("%.2f%%", median(variant, Sample::residentPercent)),
        format("%,.0f", median(variant, Sample::refaults)),
        alone ? "" : format("%.0f MB/s", median(variant, Sample::neighbourMegabytesPerSecond)),
        aimed ? format("<= %.2f x", TARGET) : "",
        aimed ? (ratio.median() <= TARGET ? "ok" : "short") : "");
  }

  private String micros(Variant variant, double percentile) {
    return format("%.1f us", median(variant, sample -> sample.micros(percentile)));
  }

  private double median(Variant variant, ToDoubleFunction<Sample> figure) {
    return Summary.of(samples.get(variant).stream().mapToDouble(figure).boxed().toList()).median();
  }

  private List<Double> ratiosToAlone(Variant variant) {
    List<Sample> alone = samples.get(Variant.ALONE);
    List<Sample> beside = samples.get(variant);
    return IntStream.range(0, beside.size())
        .mapToObj(
            round ->
                beside.get(round).micros(TARGET_PERCENTILE)
                    / alone.get(round).micros(TARGET_PERCENTILE))
        .toList();
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("groupVersion", groupVersion);
    json.addProperty("groupBytes", shape.groupBytes());
    json.addProperty("readerFileBytes", shape.readerFileBytes());
    json.add("percentiles", new Gson().toJsonTree(ReaderWorker.PERCENTILES));
    JsonArray variants = new JsonArray();
    samples.forEach(
        (variant, list) -> {
          JsonObject one = new JsonObject();
          one.addProperty("name", variant.label());
          one.addProperty("p99OverAlone", Summary.of(ratiosToAlone(variant)).median());
          one.add("samples", new Gson().toJsonTree(list));
          variants.add(one);
        });
    json.add("variants", variants);
    return json;
  }

  void draw(Path plots) throws IOException {
    drawLatencies(plots.resolve(STREAM_PICTURE), Variant.Neighbour.STREAM, "a stream of writes");
    drawLatencies(plots.resolve(MERGE_PICTURE), Variant.Neighbour.MERGE, "a Lucene merge");
    Map<String, Double> hits = new LinkedHashMap<>();
    for (Variant variant : samples.keySet()) {
      hits.put(variant.label(), median(variant, Sample::hitPercent));
    }
    new Picture("Reads served from the page cache", "beside", "hits (% of reads)")
        .writeBars(plots.resolve(HITS_PICTURE), hits);
  }

  private void drawLatencies(Path file, Variant.Neighbour neighbour, String what)
      throws IOException {
    List<Curve> curves = new ArrayList<>();
    for (Variant variant : samples.keySet()) {
      if (variant == Variant.ALONE || variant.neighbour() == neighbour) {
        curves.add(
            new Curve(
                variant.label(),
                ReaderWorker.PERCENTILES.stream().map(Results::oneIn).toList(),
                ReaderWorker.PERCENTILES.stream()
                    .map(percentile -> median(variant, sample -> sample.micros(percentile)))
                    .toList()));
      }
    }
    new Picture(
            "A reader of the page cache beside " + what,
            "the slowest one in so many reads (100: p99, 1,000: p99.9)",
            "takes at least (us)")
        .writeLines(file, curves);
  }

  /** Returns the inverse share of slower reads: p99 is one in 100. */
  private static double oneIn(double percentile) {
    return 100 / (100 - percentile);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
