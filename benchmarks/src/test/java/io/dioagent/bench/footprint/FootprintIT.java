package io.dioagent.bench.footprint;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that every JVM starts and reports its figures. Results are never asserted. */
class FootprintIT {
  private static final Path JAR = Path.of(System.getProperty("benchmarksJar"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private Path directory;

  @Test
  void aQuickRunStartsEveryVariant() throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    Path data = Files.createDirectory(directory.resolve("data"));
    Process process =
        new ProcessBuilder(
                JAVA.toString(),
                "-jar",
                JAR.toString(),
                "footprint",
                "--quick",
                "--dir",
                data.toString(),
                "--java",
                JAVA.toString())
            .redirectOutput(directory.resolve("output").toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), "still running");
    } finally {
      process.destroy();
    }
    assertEquals(0, process.exitValue(), Files.readString(errors, StandardCharsets.UTF_8));
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(0, left.count(), "files left behind");
    }
    String json = Files.readString(JAR.resolveSibling("footprint.json"), StandardCharsets.UTF_8);
    JsonArray variants = JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("variants");
    assertEquals(7, variants.size());
    assertAll(variants.asList().stream().map(each -> () -> assertMeasured(each)));
  }

  private static void assertMeasured(JsonElement element) {
    JsonObject variant = element.getAsJsonObject();
    String name = variant.get("name").getAsString();
    boolean others = name.startsWith("BlockHound") || name.startsWith("OpenTelemetry");
    if (others && variant.has("whyNot")) {
      System.err.println(name + " does not run: " + variant.get("whyNot"));
      return;
    }
    assertEquals(1, variant.getAsJsonArray("samples").size(), () -> variant.toString());
    JsonObject sample = variant.getAsJsonArray("samples").get(0).getAsJsonObject();
    assertAll(
        name,
        () -> assertTrue(sample.get("wallMillis").getAsDouble() > 0),
        () -> assertTrue(sample.get("peakMib").getAsDouble() > 0),
        () ->
            assertEquals(
                !name.startsWith("no agent"), sample.get("premainMillis").getAsDouble() > 0),
        () ->
            assertTrue(sample.get("sharedClasses").getAsInt() <= sample.get("classes").getAsInt()));
  }
}
