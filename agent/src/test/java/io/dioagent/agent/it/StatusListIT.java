package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that find their JVM, or all that carry the agent; {@code status --watch}. */
class StatusListIT {
  @TempDir Path directory;

  private String tag() {
    return "tag=" + directory + "/**";
  }

  @Test
  void listsTheJvmsThatCarryTheAgent() {
    try (Commanded with = Commanded.start(tag());
        Commanded without = Commanded.startPlain()) {
      assertEquals("ok", with.run("open x " + directory.resolve("x")));
      assertEquals("8192", with.run("write x 8192"));
      JvmResult list = AgentJvm.ofAgentCommand("status").run().expectExit(0);
      String line = line(list, with.jvm().pid());
      assertTrue(line.contains(": " + CommandedApp.class.getName() + ", dio-agent 0."), line);
      assertTrue(line.contains("mode direct; 1 writes, 0 errors, 0 lost; 0 in flight, 0 ov"), line);
      assertFalse(list.out().contains("process " + without.jvm().pid()), list::toString);
      assertEquals("", with.jvm().err() + without.jvm().err());

      JvmResult json = AgentJvm.ofAgentCommand("status", "--json").run().expectExit(0);
      int found = 0;
      JsonObject all = JsonParser.parseString(json.out()).getAsJsonObject();
      for (JsonElement jvm : all.getAsJsonArray("jvms")) {
        found += jvm.getAsJsonObject().get("pid").getAsLong() == with.jvm().pid() ? 1 : 0;
      }
      assertEquals(1, found, json::toString);
    }
  }

  private static String line(JvmResult list, long pid) {
    return list.outLines().stream()
        .filter(line -> line.startsWith("process " + pid + ":"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(list.toString()));
  }

  @Test
  void watchesUntilTheJvmHasEnded() {
    try (Commanded app = Commanded.start(tag())) {
      String pid = String.valueOf(app.jvm().pid());
      try (RunningJvm watch =
          AgentJvm.ofAgentCommand("status", "--watch", "--interval", "1", pid).start()) {
        watch.awaitOut("0 writes, ");
        assertEquals("ok", app.run("open x " + directory.resolve("x")));
        assertEquals("8192", app.run("write x 8192"));
        watch.awaitOut("1 writes, ");
        app.jvm().send("quit");
        JvmResult result = watch.await().expectExit(0);
        assertTrue(result.out().endsWith("process " + pid + " has ended\n"), result::toString);
        assertTrue(result.out().startsWith("at 20"), result::toString);
        assertEquals("", result.err());
      }
    }
  }

  /** The jar's name is this test's own; other tests run the same main class. */
  @Test
  void findsAJvmByItsJar() throws IOException {
    Path jar = jar("named-" + ProcessHandle.current().pid() + ".jar");
    String name = jar.getFileName().toString();
    AgentJvm jvm = AgentJvm.ofCommand(jar);
    if (AgentJvm.javaFeature() >= 21) {
      jvm.jvm("-XX:+EnableDynamicAgentLoading");
    }
    try (Commanded app = Commanded.start(jvm)) {
      String process = "process " + app.jvm().pid() + "\n";
      JvmResult attached = AgentJvm.ofAgentCommand("attach", name, tag()).run().expectExit(0);
      assertEquals("dio-agent is in " + process, attached.out());
      JvmResult status = AgentJvm.ofAgentCommand("status", jar.toString()).run().expectExit(0);
      assertTrue(status.out().contains(" in process " + app.jvm().pid() + ","), status::toString);
      JvmResult detached = AgentJvm.ofAgentCommand("detach", name).run().expectExit(0);
      assertEquals("dio-agent has left " + process, detached.out());
    }
  }

  @Test
  void severalJvmsOfAName() {
    try (Commanded one = Commanded.startPlain();
        Commanded other = Commanded.startPlain()) {
      String name = CommandedApp.class.getSimpleName();
      JvmResult result = AgentJvm.ofAgentCommand("status", name).run().expectExit(2);
      assertTrue(result.err().contains(" JVMs run '" + name + "', expected one; "), result.err());
      assertTrue(result.err().contains(String.valueOf(one.jvm().pid())), result.err());
      assertTrue(result.err().contains(String.valueOf(other.jvm().pid())), result.err());
    }
  }

  private Path jar(String name) throws IOException {
    Path jar = directory.resolve(name);
    String classes =
        CommandedApp.class.getProtectionDomain().getCodeSource().getLocation().toString();
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, CommandedApp.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, classes);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.finish();
    }
    return jar;
  }
}
