package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the harness runs and its rows have numbers. Results are never asserted. */
class SmokeIT {
  private static final Path JAR = Path.of(System.getProperty("benchmarksJar"));
  private static final int USAGE_ERROR = 2;

  @TempDir private Path output;

  @Test
  void aQuickRunFillsEveryRow() throws IOException, InterruptedException {
    Path data = Files.createDirectories(JAR.resolveSibling("smoke"));
    int exitCode = run("--quick", "--dir", data.toString());
    String errors = Files.readString(output.resolve("errors"), StandardCharsets.UTF_8);
    assumeFalse(errors.contains("no O_DIRECT"), errors);
    assertEquals(0, exitCode, errors);
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(List.of(), left.toList(), "test files left behind");
    }
    Path json = JAR.resolveSibling("table.json");
    JsonArray rows =
        JsonParser.parseString(Files.readString(json, StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonArray("table");
    assertFalse(rows.isEmpty());
    assertAll(rows.asList().stream().map(row -> () -> assertRow(row.getAsJsonObject())));
  }

  @Test
  void anUnknownPartIsOneLine() throws IOException, InterruptedException {
    assertEquals(USAGE_ERROR, run("everything"));
    List<String> errors = Files.readAllLines(output.resolve("errors"), StandardCharsets.UTF_8);
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).startsWith("benchmarks: nothing is named everything"), errors.get(0));
  }

  @Test
  void aWrongArgumentIsOneLineAndTheUsage() throws IOException, InterruptedException {
    assertEquals(USAGE_ERROR, run("--pairs", "none"));
    List<String> errors = Files.readAllLines(output.resolve("errors"), StandardCharsets.UTF_8);
    assertEquals("benchmarks: --pairs is none, expected a number from 1 to 1000", errors.get(0));
    assertTrue(errors.get(1).startsWith("usage: "), errors.get(1));
  }

  private static void assertRow(JsonObject row) {
    String name = row.get("name").getAsString();
    if (row.has("reason")) {
      System.err.println(name + " " + row.get("verdict") + ": " + row.get("reason"));
      assertEquals("skipped", row.get("verdict").getAsString(), name);
      return;
    }
    boolean mayBeZero = row.get("unit").getAsString().equals(Unit.PERCENT.symbol());
    assertAll(
        name,
        Stream.of("ours", "peer")
            .flatMap(side -> StreamSupport.stream(row.getAsJsonArray(side).spliterator(), false))
            .map(JsonElement::getAsDouble)
            .map(
                value ->
                    () ->
                        assertTrue(
                            Double.isFinite(value) && (mayBeZero ? value >= 0 : value > 0),
                            () -> name + ": " + value)));
  }

  private int run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar",
                    JAR.toString()),
                Stream.of(arguments))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.resolve("output").toFile())
            .redirectError(output.resolve("errors").toFile())
            .start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running");
      return process.exitValue();
    } finally {
      process.destroy();
    }
  }
}
