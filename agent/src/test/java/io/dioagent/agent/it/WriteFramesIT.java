package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.WriteFramesApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a write through the agent is as short as ARCHITECTURE.md says. */
class WriteFramesIT {
  @TempDir Path directory;

  /** The woven method is {@code pwrite} of the JDK's dispatcher. */
  private List<String> framesTo(String runtimeMethod, String options) {
    JvmResult result =
        AgentJvm.of(WriteFramesApp.class, directory.resolve("x.dat").toString())
            .agent("tag=" + directory + "/**" + options)
            .run();
    result.expectExit(0);
    List<String> frames = result.out().lines().toList();
    int woven = frames.indexOf("DioCalls.pwrite");
    assertEquals("FileDispatcherImpl.pwrite", frames.get(woven - 1).replace("Unix", ""));
    return frames.subList(woven, frames.indexOf(runtimeMethod));
  }

  @Test
  void fourFramesFromTheWovenMethodToTheRuntime() {
    assertEquals(
        List.of(
            "DioCalls.pwrite", "FileHook.onWriteAt", "TargetCalls.writeAt", "DirectTarget.write"),
        framesTo("DirectFile.write", ""));
  }

  @Test
  void fiveFramesOfAWriteBehind() {
    assertEquals(
        List.of(
            "DioCalls.pwrite",
            "FileHook.onWriteAt",
            "TargetCalls.writeAt",
            "DirectTarget.write",
            "DirectTarget.writeBehind"),
        framesTo("DirectFile.writeBehind", ",write=behind"));
  }
}
