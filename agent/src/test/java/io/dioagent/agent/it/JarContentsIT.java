package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

/** The agent's jar contains nothing that disturbs an application with the jar on its class path. */
class JarContentsIT {
  private static final long LARGEST_BYTES = 8 << 20;

  private static final Pattern ALLOWED =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|licenses/[\\w.-]+)?"
              + "|META-INF/licenses/"
              + "|io/(dioagent/(agent/(boot/(\\w+(\\$\\w+)?\\.class)?)?)?)?"
              + "|dio-agent/.*");

  private static Set<String> names() throws IOException {
    try (JarFile jar = new JarFile(AgentJvm.agentJar().toFile())) {
      Set<String> names = new TreeSet<>();
      jar.stream().map(JarEntry::getName).forEach(names::add);
      return names;
    }
  }

  @Test
  void onlyTheBootstrapIsAtTheTop() throws IOException {
    Set<String> others = new TreeSet<>(names());
    others.removeIf(name -> ALLOWED.matcher(name).matches());
    assertEquals(Set.of(), others);
  }

  @Test
  void nothingNestedLooksLikeAClassOrAService() throws IOException {
    for (String name : names()) {
      if (name.startsWith("dio-agent/")) {
        assertFalse(name.endsWith(".class"), name);
        assertFalse(name.contains("META-INF"), name);
      }
    }
  }

  @Test
  void eachModuleHasItsDescriptor() throws IOException {
    Set<String> modules = new TreeSet<>();
    for (String name : names()) {
      if (name.endsWith("/module-info.classdata")) {
        modules.add(name.substring("dio-agent/".length(), name.lastIndexOf('/')));
      }
    }
    assertEquals(
        Set.of(
            "com.google.gson",
            "com.sun.jna",
            "info.picocli",
            "io.dioagent.agent",
            "io.dioagent.events",
            "io.dioagent.jmc",
            "io.dioagent.runtime",
            "net.bytebuddy"),
        modules);
  }

  @Test
  void theOthersAreAutomaticModules() throws IOException {
    Set<String> modules = new TreeSet<>();
    for (String name : names()) {
      if (name.matches("dio-agent/[^/]+/")) {
        modules.add(name.substring("dio-agent/".length(), name.length() - 1));
      }
    }
    modules.removeIf(module -> hasDescriptor(module));
    assertEquals(
        Set.of(
            "HdrHistogram",
            "org.lz4.java",
            "org.openjdk.jmc.common",
            "org.openjdk.jmc.flightrecorder",
            "org.openjdk.jmc.flightrecorder.rules",
            "org.owasp.encoder"),
        modules);
  }

  private static boolean hasDescriptor(String module) {
    try {
      return names().contains("dio-agent/" + module + "/module-info.classdata");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noClassTwice() throws IOException {
    Set<String> classes = new TreeSet<>();
    for (String name : names()) {
      if (name.endsWith(".classdata") && !name.endsWith("module-info.classdata")) {
        String inModule = name.substring(name.indexOf('/', "dio-agent/".length()) + 1);
        assertTrue(classes.add(inModule), name);
      }
    }
  }

  /** Under its own name an application's properties would change it. */
  @Test
  void byteBuddyHasAnotherName() throws IOException {
    int classes = 0;
    for (String name : names()) {
      assertFalse(name.contains("/net/bytebuddy/"), name);
      assertFalse(name.contains("org/objectweb/asm"), name);
      classes += name.startsWith("dio-agent/net.bytebuddy/io/dioagent/bytebuddy/") ? 1 : 0;
    }
    assertTrue(classes > 0);
  }

  @Test
  void nativeLibrariesOfTheTwoArchitectures() throws IOException {
    Set<String> libraries = new TreeSet<>();
    for (String name : names()) {
      if (name.contains("jnidispatch")) {
        libraries.add(name);
      }
    }
    assertEquals(
        Set.of(
            "dio-agent/com.sun.jna/com/sun/jna/linux-aarch64/libjnidispatch.so",
            "dio-agent/com.sun.jna/com/sun/jna/linux-x86-64/libjnidispatch.so"),
        libraries);
  }

  @Test
  void manifest() throws IOException {
    try (JarFile jar = new JarFile(AgentJvm.agentJar().toFile())) {
      Attributes attributes = jar.getManifest().getMainAttributes();
      assertEquals("io.dioagent.agent.boot.AgentBoot", attributes.getValue("Premain-Class"));
      assertEquals("io.dioagent.agent.boot.AgentBoot", attributes.getValue("Agent-Class"));
      assertEquals("io.dioagent.agent.boot.Main", attributes.getValue("Main-Class"));
      assertEquals("true", attributes.getValue("Can-Retransform-Classes"));
      assertNotNull(attributes.getValue("Implementation-Version"));
      for (String absent : new String[] {"Launcher-Agent-Class", "Boot-Class-Path", "Class-Path"}) {
        assertEquals(null, attributes.getValue(absent), absent);
      }
    }
  }

  @Test
  void licences() throws IOException {
    Set<String> names = names();
    for (String name :
        new String[] {
          "META-INF/LICENSE",
          "META-INF/NOTICE",
          "META-INF/licenses/jna-AL2.0",
          "META-INF/licenses/jna-LGPL2.1",
          "META-INF/licenses/asm-LICENSE",
          "META-INF/licenses/byte-buddy-LICENSE",
          "META-INF/licenses/byte-buddy-NOTICE",
          "META-INF/licenses/jmc-LICENSE",
          "META-INF/licenses/encoder-LICENSE",
          "META-INF/licenses/uplot-LICENSE"
        }) {
      assertTrue(names.contains(name), name);
    }
  }

  @Test
  void size() throws IOException {
    long bytes = Files.size(AgentJvm.agentJar());
    assertTrue(bytes < LARGEST_BYTES, bytes + " bytes, expected less than " + LARGEST_BYTES);
  }

  /**
   * The bootstrap refers to itself and the JDK only: everything else is behind the layer's loader.
   */
  @Test
  void theBootstrapStandsAlone() throws IOException {
    try (JarFile jar = new JarFile(AgentJvm.agentJar().toFile())) {
      for (String name : names()) {
        if (name.endsWith(".class")) {
          ClassReader reader;
          try (var in = jar.getInputStream(jar.getEntry(name))) {
            reader = new ClassReader(in);
          }
          expectOwnReferences(name, reader);
        }
      }
    }
  }

  private static void expectOwnReferences(String name, ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int offset = reader.getItem(i);
      boolean isClass = offset > 0 && reader.readByte(offset - 1) == 7;
      if (isClass) {
        String referred = reader.readUTF8(offset, buffer);
        assertTrue(
            referred.startsWith("java/")
                || referred.startsWith("[")
                || referred.startsWith("io/dioagent/agent/boot/"),
            name + " refers to " + referred);
        assertFalse(
            referred.startsWith("java/util/logging/")
                || referred.startsWith("java/nio/file/")
                || referred.startsWith("java/lang/management/"),
            name + " refers to " + referred);
      }
    }
  }
}
