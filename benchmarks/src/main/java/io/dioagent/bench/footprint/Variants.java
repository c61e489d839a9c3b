package io.dioagent.bench.footprint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The compared agents. */
final class Variants {
  static final String NONE = "no agent";
  static final String NONE_WRITES = "no agent, one write";

  private Variants() {}

  /**
   * Returns all variants.
   *
   * @param nothing the jar of an agent that does nothing
   * @param dioAgent the jar of dio-agent
   * @param others the directory of the other agents' jars
   * @param file the file that is written once
   */
  static List<Variant> of(Path nothing, Path dioAgent, Path others, Path file) {
    Optional<String> written = Optional.of(file.toString());
    String other = file.resolveSibling("tagged") + "/**";
    return List.of(
        new Variant(NONE, List.of(), Optional.empty(), NONE),
        beside(NONE, "an agent that does nothing", "-javaagent:" + nothing),
        beside(NONE, "dio-agent, tag matches nothing", "-javaagent:" + dioAgent + "=tag=" + other),
        new Variant(NONE_WRITES, List.of(), written, NONE_WRITES),
        new Variant(
            "dio-agent, one tagged write",
            List.of("-javaagent:" + dioAgent + "=write=sync,tag=" + file),
            written,
            NONE_WRITES),
        beside(
            NONE,
            "BlockHound",
            // Needed from JDK 13 on.
            "-XX:+AllowRedefinitionToAddDeleteMethods",
            "-javaagent:" + others.resolve("blockhound.jar")),
        beside(
            NONE,
            "OpenTelemetry, exporters off",
            "-Dotel.traces.exporter=none",
            "-Dotel.metrics.exporter=none",
            "-Dotel.logs.exporter=none",
            "-javaagent:" + others.resolve("opentelemetry-javaagent.jar")));
  }

  private static Variant beside(String none, String name, String... jvmArguments) {
    return new Variant(name, List.of(jvmArguments), Optional.empty(), none);
  }
}
