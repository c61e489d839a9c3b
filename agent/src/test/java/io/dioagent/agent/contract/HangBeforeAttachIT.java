package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that comes into a JVM which hangs already names the thread, its call and its file. */
class HangBeforeAttachIT {
  private Scratch scratch;
  private FrozenDisk disk;

  @BeforeEach
  void make() throws IOException {
    scratch = Scratch.onDisk();
    boolean made = false;
    try {
      disk = FrozenDisk.make(scratch);
      made = true;
    } finally {
      if (!made) {
        scratch.close();
      }
    }
  }

  @AfterEach
  void remove() {
    disk.close();
    scratch.close();
  }

  private static JsonObject status(Scripted app) {
    String pid = String.valueOf(app.jvmRunning().pid());
    String out = AgentJvm.ofAgentCommand("status", pid, "--json").run().expectExit(0).out();
    return JsonParser.parseString(out).getAsJsonObject();
  }

  private Scripted start() {
    AgentJvm jvm = Scripted.jvm().jvm("-XX:StartFlightRecording=settings=default");
    if (AgentJvm.javaFeature() >= 21) {
      jvm.jvm("-XX:+EnableDynamicAgentLoading");
    }
    return Scripted.start(jvm.jvm("-Xlog:disable", "-Xlog:all=error:stderr"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mode=observe,"})
  void theHangIsNamed(String mode) throws Exception {
    Path file = disk.mountPoint().resolve("file");
    try (Scripted app = start()) {
      app.run("open a " + file + " CREATE,READ,WRITE");
      app.run("write a 4096");
      disk.freeze();
      app.run("start writeAt a 16384 8192");
      TimeUnit.SECONDS.sleep(1);
      String pid = String.valueOf(app.jvmRunning().pid());
      String options = mode + "tag=" + disk.mountPoint() + "/**";
      AgentJvm.ofAgentCommand("attach", pid, options).run().expectExit(0);
      app.jvmRunning()
          .awaitErr("thread \"started\" hangs in a native write of " + file + " at 8192: ");
      TimeUnit.SECONDS.sleep(3);
      assertNamed(status(app), file);
      String text = AgentJvm.ofAgentCommand("status", pid).run().expectExit(0).out();
      assertTrue(text.contains("1 files of tags are open in the process"), text);
      assertTrue(text.contains("native write of 16384 bytes at 8192 of " + file + ", "), text);
      assertTrue(text.contains("thread \"started\" held in the kernel, RUNNABLE\n"), text);
      assertRecorded(pid, file);

      disk.thaw();
      assertTrue(app.run("wait").startsWith("16384, "), "it goes on");
      assertEquals(0, status(app).get("inFlight").getAsInt());
    }
  }

  private static void assertNamed(JsonObject status, Path file) {
    assertEquals(1, status.get("inFlight").getAsInt(), status::toString);
    JsonObject request = status.getAsJsonArray("requests").get(0).getAsJsonObject();
    assertEquals("native write", request.get("operation").getAsString());
    assertEquals(file.toString(), request.get("path").getAsString());
    assertEquals(8192, request.get("offset").getAsLong());
    assertEquals(16384, request.get("length").getAsLong());
    assertEquals("started", request.get("thread").getAsString());
    assertTrue(request.get("ageNanos").getAsLong() > 2_000_000_000L, request::toString);
    assertTrue(request.get("device").getAsString().startsWith("loop"), request::toString);
    String waitingFor = request.get("waitingFor").getAsString();
    assertTrue(waitingFor.contains(" in state D"), waitingFor);
    assertEquals(file.toString(), status.getAsJsonArray("openPaths").get(0).getAsString());
    boolean found = false;
    for (JsonElement thread : status.getAsJsonArray("threads")) {
      JsonObject one = thread.getAsJsonObject();
      if (one.get("native").getAsBoolean()) {
        JsonArray stack = one.getAsJsonArray("stack");
        assertEquals("started", one.get("name").getAsString());
        assertTrue(stack.toString().contains("ScriptedApp.run("), stack::toString);
        found = true;
      }
    }
    assertTrue(found, status::toString);
  }

  /** A recording that is dumped meanwhile is not called clean. */
  private void assertRecorded(String pid, Path file) throws IOException {
    Path dump = scratch.resolve("hang.jfr");
    Path jcmd = AgentJvm.javaExecutable().resolveSibling("jcmd");
    Command.run(jcmd.toString(), pid, "JFR.dump", "filename=" + dump).expectExit(0);
    List<RecordedEvent> named =
        RecordingFile.readAllEvents(dump).stream()
            .filter(event -> event.getEventType().getName().equals("io.dioagent.InFlight"))
            .toList();
    assertFalse(named.isEmpty());
    for (RecordedEvent event : named) {
      assertEquals(file.toString(), event.getString("path"));
      assertEquals("started", event.getString("submitter"));
    }
    assertTrue(named.get(0).getString("submitterStack").contains("ScriptedApp.run("));
    String json =
        AgentJvm.ofAgentCommand("report", "--json", "-o", scratch.resolve("x.html") + "", dump + "")
            .run()
            .expectExit(0)
            .out();
    JsonObject verdict = JsonParser.parseString(json).getAsJsonObject();
    assertFalse(verdict.get("clean").getAsBoolean(), json);
    assertEquals(1, verdict.get("inFlight").getAsInt(), json);
    assertTrue(verdict.get("sentences").toString().contains(file.toString()), json);
  }
}
