package io.dioagent.bench.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the JDKs beside the running one. */
public final class Jdks {
  private Jdks() {}

  /** Returns java commands by feature release, including the running JDK. */
  public static Map<Integer, Path> beside(Path javaHome) throws IOException {
    Map<Integer, Path> found = new TreeMap<>();
    try (Stream<Path> homes = Files.list(javaHome.toRealPath().getParent())) {
      for (Path home : homes.sorted().toList()) {
        add(found, home);
      }
    }
    add(found, javaHome);
    return found;
  }

  private static void add(Map<Integer, Path> found, Path home) throws IOException {
    Path release = home.resolve("release");
    Path java = home.resolve("bin").resolve("java");
    if (!Files.isRegularFile(release) || !Files.isExecutable(java)) {
      return;
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    }
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    if (version.matches("[1-9][0-9]*([.+-].*)?")) {
      found.put(Runtime.Version.parse(version).feature(), java);
    }
  }
}
