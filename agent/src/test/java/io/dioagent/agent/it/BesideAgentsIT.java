package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.WeavingAgent;
import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Beside known agents, before and after them on the command line and attached later, tagged writes
 * pass dio-agent, other writes do not, and the other agent works.
 */
@Tag("full")
class BesideAgentsIT {
  private enum Order {
    DIO_FIRST,
    DIO_LAST,
    DIO_ATTACHED
  }

  private enum Other {
    JFR,
    JACOCO,
    BLOCKHOUND,
    OPENTELEMETRY,
    BYTE_BUDDY
  }

  @TempDir Path directory;

  static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Other other : Other.values()) {
      for (Order order : Order.values()) {
        pairs.add(Arguments.of(other, order));
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void bothWork(Other other, Order order) throws IOException {
    // Each write that passes dio-agent ends with an error that has no other possible cause.
    String options = "log=error,tag=" + directory + "/*.dat,fault=enospc";
    AgentJvm jvm = AgentJvm.of(CommandedApp.class);
    if (order == Order.DIO_FIRST) {
      jvm.agent(options);
    }
    add(other, jvm);
    if (order == Order.DIO_LAST) {
      jvm.agent(options);
    }
    try (Commanded app = Commanded.start(jvm)) {
      if (order == Order.DIO_ATTACHED) {
        String pid = String.valueOf(app.jvm().pid());
        AgentJvm.ofAgentCommand("attach", pid, options).run().expectExit(0);
      }
      for (int i = 0; i < 3; i++) {
        assertEquals("ok", app.run("open t " + directory.resolve("f" + i + ".dat")));
        assertEquals("java.io.IOException: No space left on device", app.run("write t 8192"));
        assertEquals("ok", app.run("close t"));
        assertEquals("ok", app.run("open u " + directory.resolve("f" + i + ".txt")));
        assertEquals("8192", app.run("write u 8192"));
        assertEquals("ok", app.run("force u"));
        assertEquals("ok", app.run("close u"));
        assertEquals(8192, Files.size(directory.resolve("f" + i + ".txt")));
      }
      if (other == Other.BYTE_BUDDY) {
        assertEquals("saw-a-write", app.run("property weaving.agent"));
      }
      assertEquals("0", app.run("descriptors " + directory + "/f"));
      app.jvm().send("quit");
      app.jvm().awaitOut("bye");
    }
  }

  private void add(Other other, AgentJvm jvm) throws IOException {
    switch (other) {
      case JFR -> jvm.jvm("-XX:StartFlightRecording:filename=" + directory.resolve("r.jfr"));
      case JACOCO ->
          jvm.agent(jar("org.jacoco.agent"), "destfile=" + directory.resolve("jacoco.exec"));
      case BLOCKHOUND ->
          jvm.jvm("-XX:+AllowRedefinitionToAddDeleteMethods").agent(jar("blockhound"), null);
      case OPENTELEMETRY ->
          jvm.jvm("-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none")
              .jvm("-Dotel.logs.exporter=none")
              .agent(jar("opentelemetry"), null);
      case BYTE_BUDDY ->
          // The property is the application's: its Byte Buddy is older than some JDKs.
          jvm.jvm("-Dnet.bytebuddy.experimental=true")
              .classpath(jar("byte-buddy"))
              .agent(weavingAgent(), null);
    }
  }

  private static Path jar(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of(System.getProperty("dio.test.beside")), name + "*.jar")) {
      jars.forEach(found::add);
    }
    assertTrue(found.size() == 1, name + ": " + found);
    return found.get(0);
  }

  private Path weavingAgent() throws IOException {
    Path jar = directory.resolve("weaving.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", WeavingAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (String name : new String[] {"WeavingAgent", "WeavingAgent$Seen"}) {
        String entry = "io/dioagent/agent/apps/" + name + ".class";
        out.putNextEntry(new JarEntry(entry));
        try (var in = BesideAgentsIT.class.getResourceAsStream("/" + entry)) {
          long unused = in.transferTo(out);
        }
      }
    }
    return jar;
  }
}
