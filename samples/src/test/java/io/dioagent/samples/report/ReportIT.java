package io.dioagent.samples.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.samples.PlainWriter;
import io.dioagent.samples.TargetDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code report} on an unmodified application with one lost, one late and one duplicate
 * completion, and EIO in one write of a hundred. The report has file, offset and stack of each.
 */
class ReportIT {
  private static final Path JAR = Path.of(System.getProperty("dio.test.jar")).toAbsolutePath();
  private static final Path SETTINGS =
      Path.of("../jfr-events/src/main/resources/io/dioagent/events/dio.jfc").toAbsolutePath();
  private static final int WRITES = 1000;
  private static final int BLOCK = 4096;

  @TempDir(factory = TargetDirectory.class)
  Path directory;

  @Test
  void namesEachWithFileOffsetAndStack() throws Exception {
    Path real = directory.toRealPath();
    Path data = real.resolve("data");
    Path recording = record(data);
    Path page = real.resolve("run.html");
    JsonObject verdict =
        JsonParser.parseString(
                run(0, "-jar", JAR.toString(), "report", "--json", "-o", page + "", recording + ""))
            .getAsJsonObject();
    assertEquals(2, verdict.get("lost").getAsInt(), "one never ended, one was late: " + verdict);
    assertEquals(1, verdict.get("late").getAsInt(), verdict::toString);
    assertEquals(1, verdict.get("duplicate").getAsInt(), verdict::toString);
    int errors = verdict.get("errors").getAsInt();
    assertTrue(errors >= 1 && errors < 50, verdict::toString);
    assertFalse(verdict.get("clean").getAsBoolean());

    String html = Files.readString(page);
    JsonObject shown = data(html);
    JsonArray paths = shown.getAsJsonArray("paths");
    JsonArray stacks = shown.getAsJsonArray("stacks");
    Map<String, List<String>> offsets = new TreeMap<>();
    for (JsonElement element : shown.getAsJsonArray("bad")) {
      JsonObject bad = element.getAsJsonObject();
      String kind = bad.get("kind").getAsString();
      offsets.computeIfAbsent(kind, none -> new ArrayList<>()).add(bad.get("offset").getAsString());
      assertEquals(data.toString(), paths.get(bad.get("path").getAsInt()).getAsString());
      int stack = bad.get("stack").getAsInt();
      assertTrue(stack >= 0, "no stack: " + bad);
      assertTrue(
          stacks.get(stack).getAsString().contains("PlainWriter.main"),
          bad + " has the stack " + stacks.get(stack));
      assertFalse(bad.get("fault").isJsonNull(), "on purpose: " + bad);
    }
    assertEquals(List.of(BLOCK * 10L + "", BLOCK * 20L + ""), offsets.get("LOST"));
    assertEquals(List.of(BLOCK * 20L + ""), offsets.get("LATE"));
    assertEquals(List.of(BLOCK * 30L + ""), offsets.get("DUPLICATE"));
    assertEquals(errors, offsets.get("ERROR").size());
  }

  /** A truncated, foreign or missing recording: one line, exit code 1, and no report. */
  @Test
  void refusesAFileThatIsNoRecording() throws Exception {
    Path real = directory.toRealPath();
    Path truncated = Files.write(real.resolve("truncated.jfr"), new byte[] {'F', 'L', 'R', 0, 0});
    Path foreign = Files.writeString(real.resolve("foreign.jfr"), "no recording");
    Path empty = Files.createFile(real.resolve("empty.jfr"));
    for (Path bad : new Path[] {truncated, foreign, empty, real.resolve("none.jfr")}) {
      String said = run(1, "-jar", JAR.toString(), "report", bad.toString());
      assertTrue(said.startsWith("[dio-agent] ") && said.contains(bad.toString()), said);
      assertEquals(1, said.lines().count(), said);
    }
    assertFalse(Files.exists(real.resolve("truncated.html")));
  }

  private Path record(Path data) throws Exception {
    Path recording = directory.toRealPath().resolve("run.jfr");
    String options =
        "tag="
            + data
            + ",write=sync,deadline=300ms"
            + fault("lose", 10)
            + fault("late:for=1s", 20)
            + fault("duplicate", 30)
            + ",fault=eio:offset="
            + 40L * BLOCK
            + "-"
            + (long) WRITES * BLOCK
            + ":rate=0.01:seed=1";
    String out =
        run(
            0,
            "-javaagent:" + JAR + "=" + options,
            "-XX:StartFlightRecording=settings=default,settings="
                + SETTINGS
                + ",filename="
                + recording,
            "-cp",
            System.getProperty("java.class.path"),
            SlowWriter.class.getName(),
            data.toString(),
            String.valueOf(WRITES));
    assertTrue(out.contains("done: " + WRITES + " writes"), out);
    return recording;
  }

  private static String fault(String kind, long block) {
    String offset = block * BLOCK + "-" + (block + 1) * BLOCK;
    return ",fault=" + kind + ":offset=" + offset + ":count=1";
  }

  /** {@link PlainWriter} in a process that waits for the late completion. */
  public static final class SlowWriter {
    private SlowWriter() {}

    /** Takes the same arguments. */
    public static void main(String[] arguments) throws Exception {
      PlainWriter.main(arguments);
      Thread.sleep(1500);
    }
  }

  private static JsonObject data(String html) {
    String begin = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(begin) + begin.length();
    return JsonParser.parseString(html.substring(from, html.indexOf("</script>", from)))
        .getAsJsonObject();
  }

  /** Runs java, and returns its standard output and error. */
  private static String run(int exitCode, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    String java = System.getProperty("dio.test.java", "");
    command.add(
        java.isBlank()
            ? System.getProperty("java.home") + File.separator + "bin" + File.separator + "java"
            : java);
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    assertEquals(exitCode, process.exitValue(), () -> command + " printed " + out);
    return out;
  }
}
