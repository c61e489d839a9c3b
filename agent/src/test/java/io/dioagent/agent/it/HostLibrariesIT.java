package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.agent.apps.ByteBuddyApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application that makes and changes classes with its own Byte Buddy works as without the agent,
 * and its tagged writes go direct. Its Byte Buddy is an old one, or the agent's own version.
 */
class HostLibrariesIT {
  @TempDir Path directory;

  /** Returns {@code byte-buddy} and {@code byte-buddy-agent} of a version, in this order. */
  private static List<Path> jars(String version) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name : List.of("byte-buddy-", "byte-buddy-agent-")) {
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(
              Path.of(System.getProperty("dio.test.host.libraries")), name + version + ".*.jar")) {
        found.forEach(jars::add);
      }
    }
    assertEquals(2, jars.size(), jars::toString);
    return jars;
  }

  private AgentJvm application(List<Path> jars) {
    AgentJvm jvm =
        AgentJvm.of(ByteBuddyApp.class, directory.toString())
            .classpath(jars.toArray(new Path[0]))
            // The application's own: it attaches to itself, and may be older than the JDK.
            .jvm("-Djdk.attach.allowAttachSelf=true", "-Dnet.bytebuddy.experimental=true");
    return AgentJvm.javaFeature() >= 21 ? jvm.jvm("-XX:+EnableDynamicAgentLoading") : jvm;
  }

  private static List<String> round(String name, List<Path> jars) {
    return List.of(
        "subclass " + name,
        "redefined 1",
        "bytes " + ByteBuddyApp.ROUND_BYTES + " true",
        "byte-buddy " + jars);
  }

  private static List<String> lines(List<Path> jars) {
    List<String> lines = new ArrayList<>(round("first", jars));
    lines.add("ready");
    lines.add("still changed 1");
    lines.addAll(round("second", jars));
    lines.add("the agent's Byte Buddy, visible []");
    lines.add("done");
    return lines;
  }

  private static long directBytes(long pid) {
    String status =
        AgentJvm.ofAgentCommand("status", String.valueOf(pid), "--json").run().expectExit(0).out();
    JsonObject counters = JsonParser.parseString(status).getAsJsonObject();
    return counters.getAsJsonObject("counters").get("directBytes").getAsLong();
  }

  @ParameterizedTest
  @CsvSource({"1.12, true", "1.12, false", "1.18, true", "1.18, false"})
  void ownByteBuddy(String version, boolean atStart) throws IOException {
    List<Path> jars = jars(version);
    String options = "tag=" + directory.toRealPath() + "/*.dat";
    AgentJvm application = application(jars);
    try (RunningJvm jvm = (atStart ? application.agent(options) : application).start()) {
      jvm.awaitOut("ready\n");
      if (!atStart) {
        AgentJvm.ofAgentCommand("attach", String.valueOf(jvm.pid()), options).run().expectExit(0);
      }
      jvm.send("");
      jvm.awaitOut("done\n");
      assertEquals((atStart ? 2L : 1L) * ByteBuddyApp.ROUND_BYTES, directBytes(jvm.pid()), version);
      jvm.send("");
      var result = jvm.await().expectExit(0);
      assertEquals(lines(jars), result.outLines(), result::toString);
      assertFalse(result.err().contains("unexpected"), result::toString);
    }
  }
}
