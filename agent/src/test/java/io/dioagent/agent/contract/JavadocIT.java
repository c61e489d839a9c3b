package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.javadoc.Case;
import io.dioagent.agent.contract.javadoc.Cases;
import io.dioagent.agent.contract.javadoc.JavadocApp;
import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Javadoc's promises about files hold on tagged files as on plain ones. */
@Tag("full")
class JavadocIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  /** Stands for no option: files are written with auto. */
  private static final String BY_DEFAULT = "log=warn";

  private static final boolean ALL = Boolean.getBoolean("dio.test.javadoc.all");

  /**
   * The agent's options that change how tagged files are written and read; one run for each. The
   * short form has each of them once, the long one all with all.
   */
  static Stream<String> modes() {
    return ALL
        ? Stream.of(
            BY_DEFAULT,
            "write=sync",
            "write=pipelined",
            "read=direct",
            "write=pipelined,read=direct")
        : Stream.of(BY_DEFAULT, "write=sync", "write=pipelined,read=direct");
  }

  @ParameterizedTest
  @MethodSource("modes")
  void noDifference(String mode) throws IOException {
    Verdicts verdicts = run(mode, "NONE");
    System.out.println(mode + ", JDK " + AgentJvm.javaFeature() + "\n" + verdicts);
    assertEquals(List.of(), verdicts.of("different"), verdicts::toString);
    assertEquals(List.of(), verdicts.of("broken"), verdicts::toString);
    assertEquals(Cases.all().size(), verdicts.count(), verdicts::all);
    assertEquals("[]", verdicts.leftOpen(), "files left open");
  }

  /** That it finds something if there is something; and that the files do go through the agent. */
  @Tag("seeded")
  @ParameterizedTest
  @CsvSource({
    "CONTENT, write=sync, 200",
    "SIZE, write=sync, 200",
    "RESULT, write=sync, 250",
    "NONE, 'write=sync,fault=eio', 150"
  })
  void differencesAreFound(String damage, String options, int atLeast) throws IOException {
    Verdicts verdicts = run(options, damage);
    int different = verdicts.of("different").size();
    System.out.println(damage + ", " + options + ": " + different + " different");
    assertTrue(different >= atLeast, () -> different + " different, expected " + atLeast);
  }

  /** Compares each case's sentence with the Javadoc itself. */
  @Test
  void sentencesAreInTheJavadoc() throws IOException {
    Path java = AgentJvm.javaExecutable().toRealPath();
    Path sources = java.getParent().resolveSibling("lib").resolve("src.zip");
    Need.that(Files.exists(sources), "no " + sources + " to look up the sentences in");
    List<String> missing = new ArrayList<>();
    try (JavadocText javadoc = new JavadocText(sources)) {
      for (Case one : Cases.all()) {
        if (one.sinceFeature() <= AgentJvm.javaFeature()
            && !javadoc.of(one.documented()).contains(one.sentence())) {
          missing.add(one.toString());
        }
      }
    }
    assertEquals(List.of(), missing, "not in the Javadoc");
  }

  private static Verdicts run(String options, String damage) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Path tagged = scratch.newDirectory("tagged");
      return new Verdicts(
          AgentJvm.of(JavadocApp.class, scratch.directory().toString(), damage)
              .writingByDefault()
              .agent("tag=" + tagged + "/**," + options)
              .timeout(TIMEOUT)
              .run()
              .expectExit(0)
              .outLines());
    }
  }
}
