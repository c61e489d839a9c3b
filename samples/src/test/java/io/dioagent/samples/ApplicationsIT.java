package io.dioagent.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs unmodified applications with all files tagged. Their contents must be the same as without
 * the agent, and their own checks must pass. The recording must have no lost, late or duplicate
 * completion.
 */
@Tag("full")
class ApplicationsIT {
  private static final long LONGEST_SECONDS = 300;

  @TempDir(factory = TargetDirectory.class)
  Path directory;

  /** An application, and a system property for it. */
  private enum Application {
    H2(H2App.class, ""),
    H2_ASYNC(H2App.class, "-Dh2.fileSystem=async"),
    LUCENE(LuceneApp.class, "-Dlucene.directory=nio"),
    LUCENE_MMAP(LuceneApp.class, "-Dlucene.directory=mmap"),
    DERBY(DerbyApp.class, "");

    private final Class<?> main;
    private final String property;

    Application(Class<?> main, String property) {
      this.main = main;
      this.property = property;
    }
  }

  static Stream<Arguments> runs() {
    return Stream.of(Application.values())
        .flatMap(
            application ->
                Stream.of("sync", "pipelined").map(mode -> Arguments.of(application, mode)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sameContents(Application application, String writeMode) throws Exception {
    directory = directory.toRealPath();
    String expected = run(application, directory.resolve("plain"), List.of());
    assertTrue(expected.contains("checksum="), expected);

    Path tagged = directory.resolve("tagged");
    Path recording = directory.resolve("recording.jfr");
    String actual = run(application, tagged, agent(tagged, writeMode, recording));
    assertEquals(contents(expected), contents(actual));

    List<String> summary = RecordingSummary.of(recording).lines();
    System.out.println(application + ", write=" + writeMode + ": " + summary);
    for (String none :
        new String[] {
          "lost=0", "late=0", "duplicates=0", "unknown=0", "errors=0", "collisions=0"
        }) {
      assertTrue(summary.contains(none), none + " expected: " + summary);
    }
    assertTrue(value(summary, "writes=") > 0, summary::toString);
    if (goesDirect()) {
      assertTrue(value(summary, "bytes.direct=") > 0, summary::toString);
    }
  }

  /** Returns an application's output about its data, without sizes of files. */
  private static List<String> contents(String output) {
    return output.lines().filter(line -> !line.startsWith("file")).toList();
  }

  private static long value(List<String> lines, String key) {
    for (String line : lines) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()));
      }
    }
    throw new AssertionError("no " + key + " in " + lines);
  }

  private boolean goesDirect() throws IOException {
    String type = Files.getFileStore(directory).type();
    if (type.equals("tmpfs") || type.equals("btrfs")) {
      System.out.println("not looked at: direct bytes; " + type + " is not written past memory");
      return false;
    }
    return true;
  }

  private List<String> agent(Path tagged, String writeMode, Path recording) throws IOException {
    Path settings = directory.resolve("dio.jfc");
    try (InputStream in =
        getClass().getClassLoader().getResourceAsStream("io/dioagent/events/dio.jfc")) {
      Files.copy(in, settings);
    }
    Path jar = Path.of(System.getProperty("dio.test.jar")).toRealPath();
    return List.of(
        "-javaagent:" + jar + "=write=" + writeMode + ",tag=" + tagged + "/**",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "-XX:StartFlightRecording=settings=" + settings + ",filename=" + recording);
  }

  private String run(Application application, Path data, List<String> jvmArguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(jvmArguments);
    if (!application.property.isEmpty()) {
      command.add(application.property);
    }
    command.addAll(List.of("-cp", classPath(), application.main.getName(), data.toString()));
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors"); // Lucene logs there, with the time of day.
    Process process =
        new ProcessBuilder(command)
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> "hangs: " + command);
      String said = Files.readString(output);
      assertEquals(0, process.exitValue(), () -> command + "\n" + said + read(errors));
      return said;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String java() {
    String set = System.getProperty("dio.test.java");
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : set;
  }

  /** Returns the applications and their libraries, without the agent. */
  private static String classPath() throws Exception {
    List<String> entries = new ArrayList<>();
    for (Class<?> of :
        new Class<?>[] {
          H2App.class,
          DerbyApp.class,
          org.h2.Driver.class,
          IndexWriter.class,
          org.apache.derby.iapi.jdbc.AutoloadedDriver.class,
          org.apache.derby.shared.common.error.StandardException.class
        }) {
      entries.add(
          Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
