package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.MeddlingAgent;
import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another agent retransforms the same classes all the time, and no write gets past dio-agent. */
class OtherAgentIT {
  @TempDir Path directory;

  private Path otherJar;

  @BeforeEach
  void makeOtherAgent() throws IOException {
    otherJar = directory.resolve("other.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", MeddlingAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    try (OutputStream file = Files.newOutputStream(otherJar);
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      for (String name : new String[] {"MeddlingAgent", "MeddlingAgent$Copies"}) {
        String entry = "io/dioagent/agent/apps/" + name + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (var in = OtherAgentIT.class.getResourceAsStream("/" + entry)) {
          long unused = in.transferTo(jar);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyWritePassesDioAgent(boolean otherFirst) throws InterruptedException {
    // Each write that passes dio-agent ends with an error that has no other possible cause.
    String options = "log=error,tag=" + directory + "/*.dat,fault=enospc";
    AgentJvm jvm = AgentJvm.of(CommandedApp.class);
    if (otherFirst) {
      jvm.agent(otherJar, null).agent(options);
    } else {
      jvm.agent(options).agent(otherJar, null);
    }
    try (Commanded app = Commanded.start(jvm)) {
      for (int i = 0; i < 40; i++) {
        assertEquals("ok", app.run("open f " + directory.resolve("f" + i + ".dat")));
        assertEquals(
            "java.io.IOException: No space left on device", app.run("write f 8192"), "write " + i);
        assertEquals("ok", app.run("close f"));
        Thread.sleep(10);
      }
      assertEquals("0", app.run("descriptors " + directory + "/f"));
    }
  }
}
