package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.LibrariesApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that brings other versions of JNA, Byte Buddy and ASM gets its own, and the agent
 * its own, whatever properties the application sets for its own.
 */
class IsolationIT {
  @TempDir Path directory;

  private static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of(System.getProperty("dio.test.isolation")), "*.jar")) {
      files.forEach(jars::add);
    }
    assertFalse(jars.isEmpty());
    return jars;
  }

  private AgentJvm application() throws IOException {
    AgentJvm jvm =
        AgentJvm.of(LibrariesApp.class, directory.resolve("x.dat").toString())
            .classpath(jars().toArray(new Path[0]));
    if (AgentJvm.javaFeature() >= 24) {
      jvm.jvm("--enable-native-access=ALL-UNNAMED"); // The application's own affair.
    }
    return jvm;
  }

  private void expectOwnLibraries(JvmResult result) {
    result.expectExit(0);
    assertEquals(
        List.of(
            "logging AppLogManager",
            "jna jna-5.13.0.jar true",
            "byte-buddy byte-buddy-1.14.18.jar made",
            "asm asm-9.7.jar true",
            "io.dioagent.agent.Agent false",
            "io.dioagent.runtime.DirectRuntime false",
            "io.dioagent.events.Write false",
            "io.dioagent.agent.jnalogging.Logger false"),
        result.outLines(),
        result.toString());
  }

  @Test
  void eachHasItsOwn() throws IOException {
    JvmResult result = application().agent("log=debug,tag=" + directory + "/**").run();
    expectOwnLibraries(result);
    assertTrue(result.err().contains("tagged by"), result.toString());
  }

  @Test
  void outputIsTheSameAsWithout() throws IOException {
    JvmResult without = application().run();
    JvmResult with = application().agent("tag=/nowhere/**").run();
    assertEquals(without.out(), with.out());
    assertEquals(without.err(), with.err());
  }

  @Test
  void propertiesForTheApplicationsJna() throws IOException {
    Path library = extractLibrary();
    JvmResult result =
        application()
            .agent("log=debug,tag=" + directory + "/**")
            .jvm(
                "-Djna.boot.library.path=" + library.getParent(),
                "-Djna.noclasspath=true",
                "-Djna.nounpack=true",
                "-Djna.debug_load=false",
                "-Djna.library.path=/nowhere")
            .run();
    expectOwnLibraries(result);
    assertTrue(result.err().contains("tagged by"), result.toString());
  }

  @Test
  void propertiesThatNoLibraryComesFrom() throws IOException {
    JvmResult result =
        application()
            .agent("log=debug,tag=" + directory + "/**")
            .jvm("-Djna.boot.library.path=/nowhere", "-Djna.noclasspath=true")
            .run();
    assertTrue(result.err().contains("tagged by"), result.toString());
    assertTrue(result.err().contains("UnsatisfiedLinkError"), result.toString());
    assertFalse(result.out().contains("jna jna"), result.toString());
  }

  /** The application's native library, where the application expects it. */
  private Path extractLibrary() throws IOException {
    Path jar = null;
    for (Path candidate : jars()) {
      jar = candidate.getFileName().toString().startsWith("jna-") ? candidate : jar;
    }
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86-64";
    Path library = directory.resolve("native").resolve("libjnidispatch.so");
    Files.createDirectories(library.getParent());
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Files.copy(files.getPath("com/sun/jna/linux-" + machine + "/libjnidispatch.so"), library);
    }
    return library;
  }
}
