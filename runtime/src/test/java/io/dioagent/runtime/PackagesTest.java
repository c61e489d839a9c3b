package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks the uses between the runtime's packages by {@code jdeps} in the class files. Each row
 * names the packages that one package may use; a package without a row fails the test. Rows refer
 * only to rows above them, so that there is no cycle.
 */
class PackagesTest {
  private static final String BASE = "io.dioagent.runtime";
  private static final String FACADE = "";

  private static final String[][] MAY_USE = {
    {"api"},
    {"base", "api"},
    {"dio"},
    {"linux", "api"},
    {"engine", "api", "base", "linux"},
    {"fault", "api", "linux", "engine"},
    {"memory", "api", "base", "linux"},
    {"device", "api", "base", "engine", "memory"},
    {"plan", "api", "memory"},
    {"file", "api", "base", "linux", "engine", "device", "plan"},
    {"write", "api", "base", "dio", "linux", "engine", "memory", "device", "plan", "file"},
    {"async", "api", "base", "dio", "linux", "engine", "memory", "device", "plan", "file", "write"},
    {"queue", "api", "base", "dio", "linux", "engine", "memory", "device", "plan", "file", "write"},
    {"pipeline", "api", "base", "linux", "memory", "device", "plan", "file", "write"},
    {"read", "api", "base", "linux", "memory", "device", "file"},
    {"behind", "api", "base", "linux", "engine", "device", "file"},
    {"jfr", "api"},
    {
      FACADE,
      "api",
      "base",
      "linux",
      "engine",
      "memory",
      "device",
      "file",
      "write",
      "async",
      "queue",
      "pipeline",
      "read",
      "behind"
    },
  };

  /** {@code io.dioagent.runtime.file.Deadline -> io.dioagent.runtime.api.OnLost ...}. */
  private static final Pattern USE =
      Pattern.compile(
          "^\\s+("
              + BASE
              + "(?:\\.[a-z]+)?)\\.[A-Z]\\S*\\s+-> ("
              + BASE
              + "(?:\\.[a-z]+)?)\\.[A-Z]",
          Pattern.MULTILINE);

  @Test
  void eachPackageUsesOnlyThoseThatItMay() {
    Map<String, Set<String>> uses = uses();
    List<String> wrong = new ArrayList<>();
    Set<String> known = new TreeSet<>();
    for (String[] row : MAY_USE) {
      known.add(row[0]);
      Set<String> others = new TreeSet<>(uses.getOrDefault(row[0], Set.of()));
      others.remove(row[0]);
      others.removeAll(List.of(row).subList(1, row.length));
      if (!others.isEmpty()) {
        wrong.add("'" + row[0] + "' uses " + others + ", which is not in its row");
      }
    }
    Set<String> unknown = new TreeSet<>(uses.keySet());
    unknown.removeAll(known);
    assertEquals(Set.of(), unknown, "packages without a row");
    assertEquals(List.of(), wrong);
  }

  @Test
  void theRowsHaveNoCycle() {
    Set<String> above = new TreeSet<>();
    for (String[] row : MAY_USE) {
      List<String> below = List.of(row).subList(1, row.length);
      assertTrue(above.containsAll(below), () -> row[0] + " names a row that is not above it");
      above.add(row[0]);
    }
  }

  @Test
  void eachRowIsNeeded() {
    Map<String, Set<String>> uses = uses();
    for (String[] row : MAY_USE) {
      Set<String> unused = new TreeSet<>(List.of(row).subList(1, row.length));
      unused.removeAll(uses.getOrDefault(row[0], Set.of()));
      assertEquals(Set.of(), unused, () -> "'" + row[0] + "' does not use them");
    }
  }

  /** Returns the uses by package, without the common prefix. */
  private static Map<String, Set<String>> uses() {
    StringWriter out = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("-verbose:class", "-filter:none"));
    arguments.addAll(classFiles());
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
    assertEquals(0, status, out::toString);
    Map<String, Set<String>> uses = new TreeMap<>();
    Matcher matcher = USE.matcher(out.toString());
    while (matcher.find()) {
      uses.computeIfAbsent(simple(matcher.group(1)), none -> new TreeSet<>())
          .add(simple(matcher.group(2)));
    }
    assertTrue(uses.size() > 10, out::toString);
    return uses;
  }

  /**
   * Returns all class files but the module's descriptor, which makes jdeps look for the required
   * modules.
   */
  private static List<String> classFiles() {
    try (Stream<Path> all = Files.walk(Path.of("target/classes"))) {
      return all.map(Path::toString)
          .filter(file -> file.endsWith(".class") && !file.endsWith("module-info.class"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String simple(String name) {
    return name.equals(BASE) ? FACADE : name.substring(BASE.length() + 1);
  }
}
