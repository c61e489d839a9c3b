package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar dio-agent.jar status PID}: requests in flight, also those that never end. */
class StatusIT {
  @TempDir Path directory;

  private static JvmResult status(Commanded target, String... more) {
    String[] arguments = new String[2 + more.length];
    arguments[0] = "status";
    arguments[1] = String.valueOf(target.jvm().pid());
    System.arraycopy(more, 0, arguments, 2, more.length);
    return AgentJvm.ofAgentCommand(arguments).run();
  }

  private static AgentJvm app() {
    AgentJvm jvm = AgentJvm.of(CommandedApp.class);
    return AgentJvm.javaFeature() >= 21 ? jvm.jvm("-XX:+EnableDynamicAgentLoading") : jvm;
  }

  private static JsonObject json(Commanded target) {
    return JsonParser.parseString(status(target, "--json").expectExit(0).out()).getAsJsonObject();
  }

  @Test
  void ofAHang() throws Exception {
    String options =
        "tag=" + directory + "/**,fault=lose:offset=8192-16384,deadline=300ms,on-lost=report";
    try (Commanded target = Commanded.start(app().agent(options))) {
      String file = directory.toRealPath().resolve("x").toString();
      assertEquals("ok", target.run("open x " + file));
      assertEquals("8192", target.run("write x 8192"));
      JsonObject before = json(target);
      assertEquals(0, before.get("inFlight").getAsInt());
      assertEquals(8192, before.getAsJsonObject("counters").get("directBytes").getAsLong());
      assertEquals(target.jvm().pid(), before.get("pid").getAsLong());
      JsonObject tag = before.getAsJsonArray("tags").get(0).getAsJsonObject();
      assertEquals("1", tag.get("files").getAsString());
      assertTrue(tag.getAsJsonPrimitive("files").isNumber(), before::toString);
      assertEquals(300_000_000, tag.get("deadlineNanos").getAsLong());
      assertEquals(CommandedApp.class.getName(), before.get("main").getAsString());

      target.jvm().send("write x 8192"); // It does not answer any more.
      JsonObject hung = overdue(target);
      JsonObject request = hung.getAsJsonArray("requests").get(0).getAsJsonObject();
      assertEquals(file, request.get("path").getAsString());
      assertEquals(8192, request.get("offset").getAsLong());
      assertEquals(8192, request.get("length").getAsLong());
      assertEquals("main", request.get("thread").getAsString());
      assertTrue(request.get("ageNanos").getAsLong() > 300_000_000, hung::toString);

      String text = status(target).expectExit(0).out();
      assertTrue(text.contains("1 in flight, 1 overdue\n"), text);
      assertTrue(text.contains("OVERDUE write of 8192 bytes at 8192 of " + file + ", "), text);
      assertTrue(text.contains("thread \"main\" held in dio-agent"), text);
      assertTrue(text.contains("at io.dioagent.agent.apps.CommandedApp.run"), text);
      assertTrue(text.contains(" 1 lost, "), text);
    }
  }

  /** Returns the first status with one overdue request. */
  private static JsonObject overdue(Commanded target) throws InterruptedException {
    JsonObject status = json(target);
    for (int i = 0; i < 100 && status.get("overdue").getAsInt() == 0; i++) {
      Thread.sleep(50);
      status = json(target);
    }
    assertEquals(1, status.get("overdue").getAsInt(), status::toString);
    return status;
  }

  /** The JVM lists no virtual threads. */
  @Test
  void ofAHangOfAVirtualThread() throws Exception {
    Assumptions.assumeTrue(
        AgentJvm.javaFeature() >= 21, "virtual threads need JDK 21: " + AgentJvm.javaFeature());
    String options = "tag=" + directory + "/**,fault=lose,deadline=300ms,on-lost=report";
    try (Commanded target = Commanded.start(app().agent(options))) {
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("ok", target.run("virtual write x 8192"));
      String status = overdue(target).toString();
      String text = status(target).expectExit(0).out();
      assertTrue(text.contains("thread \"virtual\" held in dio-agent"), status);
      assertTrue(text.contains("at io.dioagent.agent.apps.CommandedApp.run"), text);
    }
  }

  /** What carries the answer is no property that the application could see. */
  @Test
  void leavesNothingBehind() {
    try (Commanded target = Commanded.start(app().agent("tag=" + directory + "/**"))) {
      assertTrue(status(target).expectExit(0).out().startsWith("dio-agent 0."));
      assertTrue(status(target, "--json").expectExit(0).out().startsWith("{"));
      assertEquals("null", target.run("property io.dioagent.status"));
      assertEquals("", target.jvm().err());
      AgentJvm.ofAgentCommand("detach", String.valueOf(target.jvm().pid())).run().expectExit(0);
      assertNoAgent(target);
    }
  }

  private static void assertNoAgent(Commanded target) {
    JvmResult result = status(target).expectExit(1);
    assertEquals(
        "[dio-agent] process " + target.jvm().pid() + ": dio-agent is not in this JVM\n",
        result.err());
    assertEquals("", result.out());
  }

  /** Nothing is loaded into a JVM that has no agent. */
  @Test
  void ofAJvmWithoutAnAgent() {
    try (Commanded target = Commanded.startPlain()) {
      assertNoAgent(target);
      assertEquals("", target.jvm().err());
    }
  }

  @Test
  void ofNoProcess() {
    JvmResult result = AgentJvm.ofAgentCommand("status", "999999999").run().expectExit(1);
    assertEquals(1, result.errLines().size(), result::toString);
    assertTrue(result.err().startsWith("[dio-agent] cannot attach to process 999999999"));
  }
}
