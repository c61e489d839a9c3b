package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/metrics, with the exporters that they are made for. */
@Tag("full")
class MetricsIT {
  private static final Path FILES = Path.of("..", "docs", "metrics").toAbsolutePath().normalize();
  private static final Pattern PROMETHEUS_NAME = Pattern.compile("\\bdio_[a-z_]+[a-z]\\b");
  private static final Pattern RULE_NAME = Pattern.compile("(?m)^ *(?:name|metric): (\\S+)$");
  private static final int TRIES = 200;
  private static final int PAUSE_MILLIS = 100;

  @TempDir Path directory;

  /** A direct write, a buffered one, a force, and a write that fails. */
  private Commanded written(AgentJvm jvm) {
    String tag = "tag=" + directory + "/*.dat,log=error,fault=eio:offset=65536-131072";
    Commanded app = Commanded.start(jvm.agent(tag));
    assertEquals("ok", app.run("open x " + directory.resolve("x.dat")));
    assertEquals("8192", app.run("write x 8192"));
    assertEquals("100", app.run("fill x 8192 100"));
    assertEquals("ok", app.run("force x"));
    assertTrue(app.run("fill x 65536 4096").contains("Exception"));
    return app;
  }

  @Test
  void prometheus() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path rules = FILES.resolve("jmx_exporter.yaml");
    AgentJvm jvm = AgentJvm.of(CommandedApp.class).agent(jar("jmx_prometheus"), port + ":" + rules);
    try (Commanded app = written(jvm)) {
      assertTrue(app.jvm().isAlive());
      String scraped = "";
      for (int i = 0; i < TRIES && !scraped.contains("dio_tag_direct_bytes_total"); i++) {
        Thread.sleep(PAUSE_MILLIS);
        scraped = scrape(port);
      }
      assertHas(scraped, "# TYPE dio_writes_total counter");
      assertHas(scraped, "# TYPE dio_overdue gauge");
      assertHas(scraped, "# HELP dio_lost_total Requests that passed their deadline");
      assertHas(scraped, "dio_direct_bytes_total 8192.0");
      assertHas(scraped, "dio_buffered_bytes_total 100.0");
      assertHas(scraped, "dio_errors_by_errno_total{errno=\"EIO\"} 1.0");
      assertHas(scraped, "dio_errors_by_errno_total{errno=\"Other\"} 0.0");
      assertTrue(
          Pattern.compile("dio_tag_direct_bytes_total\\{tag=\"[^\"]*dat[^}]*} 8192.0")
              .matcher(scraped)
              .find(),
          scraped);
      assertTrue(value(scraped, "dio_write_last_minute_seconds{quantile=\"0.99\"}") > 0, scraped);
      assertTrue(value(scraped, "dio_force_last_minute_max_seconds") > 0, scraped);
      Set<String> there =
          scraped.lines().map(line -> line.split("[{ ]", 2)[0]).collect(Collectors.toSet());
      for (String file : new String[] {"jmx_exporter.yaml", "alerts.yaml", "grafana.json"}) {
        Set<String> missing = names(FILES.resolve(file), PROMETHEUS_NAME, 0);
        assertTrue(missing.size() > 5, file + " names " + missing);
        missing.removeAll(there);
        assertEquals(Set.of(), missing, file + " has names that are not exported");
      }
    }
  }

  private static void assertHas(String scraped, String line) {
    assertTrue(scraped.contains(line), "expected " + line + " in\n" + scraped);
  }

  private static double value(String scraped, String name) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + name + " in\n" + scraped));
  }

  private static String scrape(int port) throws IOException {
    URI address = URI.create("http://127.0.0.1:" + port + "/metrics");
    try (InputStream in = address.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void openTelemetry() throws Exception {
    Path rules = FILES.resolve("opentelemetry.yaml");
    AgentJvm jvm =
        AgentJvm.of(CommandedApp.class)
            .jvm("-Dotel.traces.exporter=none", "-Dotel.logs.exporter=none")
            .jvm("-Dotel.metrics.exporter=logging", "-Dotel.metric.export.interval=1000")
            .jvm("-Dotel.jmx.config=" + rules, "-Dotel.jmx.discovery.delay=1000")
            .agent(jar("opentelemetry"), null);
    Set<String> expected = names(rules, RULE_NAME, 1);
    assertTrue(expected.size() > 20, expected.toString());
    try (Commanded app = written(jvm)) {
      Set<String> missing = missing(expected, app);
      for (int i = 0; i < TRIES && !missing.isEmpty(); i++) {
        Thread.sleep(PAUSE_MILLIS);
        missing = missing(expected, app);
      }
      assertEquals(Set.of(), missing, app.jvm().err());
      assertTrue(app.jvm().err().contains("errno=\"EIO\""), app.jvm().err());
      assertTrue(app.jvm().err().contains("value=8192"), app.jvm().err());
    }
  }

  private static Set<String> missing(Set<String> expected, Commanded app) {
    String printed = app.jvm().err();
    return expected.stream()
        .filter(
            name ->
                !printed.contains("name=dio." + name + ",")
                    && !printed.contains("name=dio.tag." + name + ","))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Path file, Pattern pattern, int group) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(file));
    while (matcher.find()) {
      names.add(matcher.group(group));
    }
    return names;
  }

  private static Path jar(String name) throws IOException {
    String beside = System.getProperty("dio.test.beside");
    Need.that(beside != null, "no directory of other agents (dio.test.beside)");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(beside), name + "*.jar")) {
      return jars.iterator().next();
    }
  }
}
