package io.dioagent.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** Formats the results as JSON with every sample. */
final class JsonReport {
  private static final Gson GSON = new Gson();

  private JsonReport() {}

  static JsonArray rows(List<RowResult> results) {
    JsonArray rows = new JsonArray();
    results.forEach(result -> rows.add(row(result)));
    return rows;
  }

  private static JsonObject row(RowResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("name", result.row().name());
    json.addProperty("measure", result.row().measure());
    json.addProperty("unit", result.row().unit().symbol());
    json.addProperty("target", result.row().target().text());
    json.addProperty("verdict", result.verdict());
    result
        .pairs()
        .ifPresentOrElse(
            pairs -> addPairs(json, pairs), () -> json.addProperty("reason", result.reason()));
    result.submissions().ifPresent(calls -> json.add("ioSubmit", GSON.toJsonTree(calls)));
    return json;
  }

  private static void addPairs(JsonObject json, Pairs pairs) {
    json.addProperty("oursMedian", pairs.subjectMedian());
    json.addProperty("peerMedian", pairs.peerMedian());
    json.addProperty("differenceMedian", pairs.differences().median());
    double ratio = pairs.ratios().median();
    if (Double.isFinite(ratio)) {
      json.addProperty("ratioMedian", ratio);
    }
    json.add("ours", GSON.toJsonTree(pairs.subject()));
    json.add("peer", GSON.toJsonTree(pairs.peer()));
    json.add("othersShare", GSON.toJsonTree(pairs.others()));
    if (pairs.hasCosts()) {
      json.add("oursCost", GSON.toJsonTree(pairs.subjectCosts()));
      json.add("peerCost", GSON.toJsonTree(pairs.peerCosts()));
    }
  }
}
