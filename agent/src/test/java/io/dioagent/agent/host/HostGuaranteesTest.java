package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares the manual's table "What the agent may never do to its host" with the tests: each row
 * names tests that exist and are tagged {@code host}, and each class with that tag is in a row.
 */
@Tag("host")
class HostGuaranteesTest {
  private static final String TITLE = "## What the agent may never do to its host";
  private static final String TAG = "@Tag(\"host\")";

  /** A test in a row: {@code `Class.method`}. */
  private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

  @Test
  void eachRowNamesTestsThatExist() throws IOException {
    Map<String, String> sources = hostTests();
    List<String> rows = rows();
    assertTrue(rows.size() > 10, () -> "too few rows found: " + rows);
    List<String> wrong = new ArrayList<>();
    for (String row : rows) {
      Matcher test = TEST.matcher(row);
      int count = 0;
      while (test.find()) {
        count++;
        String source = sources.get(test.group(1));
        if (source == null || !source.contains("void " + test.group(2) + "(")) {
          wrong.add(test.group() + " in: " + row);
        }
      }
      if (count == 0) {
        wrong.add("no test in: " + row);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void eachHostTestStandsInARow() throws IOException {
    TreeSet<String> missing = new TreeSet<>(hostTests().keySet());
    for (String row : rows()) {
      Matcher test = TEST.matcher(row);
      while (test.find()) {
        missing.remove(test.group(1));
      }
    }
    missing.remove(HostGuaranteesTest.class.getSimpleName());
    assertEquals(new TreeSet<>(), missing);
  }

  /** The lines of the table, without its head. */
  private static List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PROJECT.resolve("docs/guarantees.md"))) {
      if (line.startsWith("## ")) {
        inside = line.equals(TITLE);
      } else if (inside && line.startsWith("| ") && !line.startsWith("| It never")) {
        rows.add(line);
      }
    }
    return rows;
  }

  /** The sources of all test classes that are tagged, by the class's name. */
  private static Map<String, String> hostTests() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : new String[] {"agent", "runtime", "samples"}) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
          String source = Files.readString(file);
          if (source.contains(TAG)) {
            sources.put(file.getFileName().toString().replace(".java", ""), source);
          }
        }
      }
    }
    return sources;
  }
}
