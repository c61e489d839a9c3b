package io.dioagent.samples.hang;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.FilePolicy;
import io.dioagent.runtime.JfrEventSink;
import io.dioagent.runtime.RuntimeOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HangDemoTest {
  // In the project, not in the temporary directory: that may be a tmpfs, which has no direct I/O.
  private final Path path = Path.of("target", "hang-demo-test");

  @BeforeEach
  void needsDirectIo() throws IOException {
    try (DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, new JfrEventSink());
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.CREATE)) {
      String why = runtime.whyNotDirect() != null ? runtime.whyNotDirect() : file.reason();
      if (runtime.whyNotDirect() != null || !file.isDirect()) {
        System.err.println("HangDemoTest skipped: " + why);
        assumeTrue(false, why);
      }
    }
  }

  @AfterEach
  void removeFile() throws IOException {
    Files.deleteIfExists(path);
  }

  private List<String> run(boolean broken) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      Duration patience = broken ? Duration.ofSeconds(1) : Duration.ofSeconds(30);
      new HangDemo(out, Duration.ofMillis(100), patience).run(broken, path);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aLostErrorHangsTheWriter() throws Exception {
    assertEquals(
        List.of(
            "write 0 at 0: 4096 bytes",
            "write 1 at 4096: 4096 bytes",
            "write 2 at 8192: 4096 bytes",
            "hung: the writer still waits after 1000 ms; lost completions: 1"),
        run(true));
  }

  @Test
  void theRuntimeDeliversTheSameErrorOnceAndTheWriterGoesOn() throws Exception {
    assertEquals(
        List.of(
            "write 0 at 0: 4096 bytes",
            "write 1 at 4096: 4096 bytes",
            "write 2 at 8192: 4096 bytes",
            "write 3 at 12288: java.io.IOException: Input/output error",
            "write 4 at 16384: 4096 bytes",
            "write 5 at 20480: 4096 bytes",
            "write 6 at 24576: 4096 bytes",
            "write 7 at 28672: 4096 bytes",
            "done: 8 writes, 1 failed"),
        run(false));
  }
}
