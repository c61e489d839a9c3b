package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the studies run and draw. Results are never asserted. */
@Tag("full")
class StudiesIT {
  private static final Path JAR = Path.of(System.getProperty("benchmarksJar"));

  @TempDir private Path output;

  @Test
  void neighboursAreMeasured() throws IOException, InterruptedException {
    JsonObject neighbours = run("neighbours").getAsJsonObject("neighbours");
    assumeFalse(neighbours.has("skipped"), () -> neighbours.get("skipped").getAsString());
    JsonArray variants = neighbours.getAsJsonArray("variants");
    assertFalse(variants.isEmpty());
    assertAll(
        variants.asList().stream()
            .map(variant -> variant.getAsJsonObject())
            .map(variant -> () -> assertReads(variant)));
    assertPictures(
        "neighbours-stream-latency.svg", "neighbours-merge-latency.svg", "neighbours-hits.svg");
  }

  private static void assertReads(JsonObject variant) {
    JsonObject sample = variant.getAsJsonArray("samples").get(0).getAsJsonObject();
    String name = variant.get("name").getAsString();
    assertTrue(sample.get("readsPerSecond").getAsDouble() > 0, name);
    assertTrue(sample.getAsJsonArray("micros").get(0).getAsDouble() > 0, name);
    boolean writes = sample.get("neighbourMegabytesPerSecond").getAsDouble() > 0;
    assertEquals(!name.equals("alone"), writes, name);
  }

  @Test
  void everySeriesIsMeasured() throws IOException, InterruptedException {
    JsonArray series = run("scaling").getAsJsonArray("scaling");
    assertAll(
        series.asList().stream()
            .map(one -> one.getAsJsonObject())
            .map(
                one ->
                    () ->
                        assertTrue(
                            one.getAsJsonArray("points").size() >= 2,
                            one.get("name").getAsString())));
    assertPictures(
        series.asList().stream()
            .map(one -> "scaling-" + one.getAsJsonObject().get("name").getAsString() + ".svg")
            .toArray(String[]::new));
  }

  private static void assertPictures(String... names) {
    assertTrue(names.length > 0);
    assertAll(
        Stream.of(names)
            .map(JAR.resolveSibling("plots")::resolve)
            .map(
                file ->
                    () -> assertTrue(Files.readString(file).contains("<svg"), () -> "" + file)));
  }

  /** Runs a part, and returns its JSON. */
  private JsonObject run(String part) throws IOException, InterruptedException {
    Path data = Files.createDirectories(JAR.resolveSibling("smoke-" + part));
    Path errors = output.resolve("errors");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString(),
                part,
                "--quick",
                "--dir",
                data.toString())
            .redirectOutput(output.resolve("output").toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running");
    } finally {
      process.destroy();
    }
    String messages = Files.readString(errors, StandardCharsets.UTF_8);
    assumeFalse(messages.contains("no O_DIRECT"), messages);
    assertEquals(0, process.exitValue(), messages);
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(List.of(), left.toList(), "test files left behind");
    }
    Path json = JAR.resolveSibling(part + ".json");
    return JsonParser.parseString(Files.readString(json, StandardCharsets.UTF_8)).getAsJsonObject();
  }
}
