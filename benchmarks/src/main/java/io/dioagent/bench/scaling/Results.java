package io.dioagent.bench.scaling;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.bench.MarkdownTable;
import io.dioagent.bench.plot.Curve;
import io.dioagent.bench.plot.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Collects all samples, and reports medians of the rounds. */
final class Results {
  private static final List<String> GROWTH_HEADER =
      List.of(
          "grows",
          "from",
          "to",
          "dio-agent",
          "peer",
          "dio-agent beyond peer",
          "dio-agent CPU",
          "peer CPU",
          "");

  private final Plan plan;
  private final Map<Series, List<MeasuredPoint>> measured = new LinkedHashMap<>();
  private final Map<Series, String> failures = new LinkedHashMap<>();

  Results(Plan plan) {
    this.plan = plan;
  }

  void add(Series series, List<MeasuredPoint> points) {
    measured.put(series, points);
  }

  /** Records a failed series; other series continue. */
  void addFailure(Series series, String reason) {
    failures.put(series, reason);
  }

  boolean isComplete() {
    return failures.isEmpty();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        The cost of a write at random positions of existing files: elapsed time over all writes of all threads, and
        processor time of the process over them, without kernel threads. The dio-agent side is a plain FileChannel under
        the agent, and the peer is ExtendedOpenOption.DIRECT without it. For writes in flight they are the runtime's
        WriteQueue and fio's libaio engine. Medians of %d rounds, dio-agent and the peer in turns, %.2f s each in a process
        of its own; a sample of the written blocks is read back.

        ### What grows

        The cost of a write at the largest point over that at the smallest, per byte if writes grow. GROWS marks a growth
        of dio-agent of more than 10%% beyond the peer's.

        """
            .formatted(plan.rounds(), plan.measured().toMillis() / 1e3));
    text.append(
        MarkdownTable.of(GROWTH_HEADER, measured.keySet().stream().map(this::growth).toList()));
    measured.keySet().forEach(series -> text.append(section(series)));
    failures.forEach(
        (series, reason) ->
            text.append(format("\n### %s\n\nFAILED: %s\n", series.title(), reason)));
    return text.toString();
  }

  private List<String> growth(Series series) {
    List<MeasuredPoint> both = compared(series);
    if (both.isEmpty()) {
      return List.of(series.axis(), "", "", "-", "-", "-", "-", "-", "no peer");
    }
    Growth wall = Growth.of(both, Cost::wallMicros, series.perByte());
    Growth cpu = Growth.of(both, Cost::cpuMicros, series.perByte());
    return List.of(
        series.axis(),
        number(both.get(0).point().x()),
        number(both.get(both.size() - 1).point().x()),
        format("%.3f x", wall.subject()),
        format("%.3f x", wall.peer()),
        format("%+.0f%%", wall.percentBeyondPeer()),
        format("%.3f x", cpu.subject()),
        format("%.3f x", cpu.peer()),
        wall.isGood() ? "ok" : "GROWS");
  }

  private List<MeasuredPoint> compared(Series series) {
    return measured.get(series).stream().filter(point -> !point.peer().isEmpty()).toList();
  }

  private String section(Series series) {
    String peer = series.peer().label();
    List<String> header =
        List.of(
            series.axis(),
            "dio-agent",
            peer,
            "dio-agent over " + peer,
            "dio-agent CPU",
            peer + " CPU");
    return "\n### "
        + series.title()
        + "\n\n"
        + MarkdownTable.of(header, measured.get(series).stream().map(Results::cells).toList())
        + series.leftOut().map(what -> "\nLeft out: " + what + ".\n").orElse("")
        + format("\n![%s](plots/%s)\n", series.title(), picture(series));
  }

  private static List<String> cells(MeasuredPoint point) {
    Cost subject = point.subjectMedian();
    if (point.peer().isEmpty()) {
      return List.of(
          number(point.point().x()),
          micros(subject.wallMicros()),
          "-",
          "-",
          micros(subject.cpuMicros()),
          "-");
    }
    Cost peer = point.peerMedian();
    return List.of(
        number(point.point().x()),
        micros(subject.wallMicros()),
        micros(peer.wallMicros()),
        format("%.3f x", subject.wallMicros() / peer.wallMicros()),
        micros(subject.cpuMicros()),
        micros(peer.cpuMicros()));
  }

  JsonArray json() {
    Gson gson = new Gson();
    JsonArray all = new JsonArray();
    measured.forEach(
        (series, points) -> {
          JsonObject one = new JsonObject();
          one.addProperty("name", series.name());
          one.addProperty("title", series.title());
          one.addProperty("axis", series.axis());
          one.addProperty("peer", series.peer().label());
          series.leftOut().ifPresent(what -> one.addProperty("leftOut", what));
          one.add("points", gson.toJsonTree(points));
          all.add(one);
        });
    return all;
  }

  void draw(Path plots) throws IOException {
    for (Series series : measured.keySet()) {
      String peer = series.peer().label();
      List<MeasuredPoint> all = measured.get(series);
      List<MeasuredPoint> both = compared(series);
      List<Curve> curves = new ArrayList<>();
      addCurve(curves, "dio-agent, elapsed", all, point -> point.subjectMedian().wallMicros());
      addCurve(curves, "dio-agent, processor", all, point -> point.subjectMedian().cpuMicros());
      addCurve(curves, peer + ", elapsed", both, point -> point.peerMedian().wallMicros());
      addCurve(curves, peer + ", processor", both, point -> point.peerMedian().cpuMicros());
      new Picture("Cost of a write: " + series.title(), series.axis(), "time per write (us)")
          .writeLines(plots.resolve(picture(series)), curves);
    }
  }

  /** Adds a curve without points that took less processor time than its clock resolves. */
  private static void addCurve(
      List<Curve> curves,
      String name,
      List<MeasuredPoint> points,
      ToDoubleFunction<MeasuredPoint> micros) {
    List<MeasuredPoint> shown =
        points.stream().filter(point -> micros.applyAsDouble(point) > 0).toList();
    if (!shown.isEmpty()) {
      curves.add(
          new Curve(
              name,
              shown.stream().map(point -> point.point().x()).toList(),
              shown.stream().map(micros::applyAsDouble).toList()));
    }
  }

  private static String picture(Series series) {
    return "scaling-" + series.name() + ".svg";
  }

  private static String micros(double value) {
    return format("%,.2f us", value);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? format("%,.0f", value) : Double.toString(value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
