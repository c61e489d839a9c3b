package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Skips tests of native I/Os on file systems without direct I/O. */
final class DirectIo {
  private DirectIo() {}

  /** Skips the test, and prints the reason, if a directory does not support direct I/O. */
  static void need(Path directory) throws IOException {
    Path probe = directory.resolve("probe");
    try (DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none());
        DirectFile file = runtime.open(probe, FilePolicy.DEFAULT, StandardOpenOption.CREATE)) {
      String noAio = runtime.whyNotDirect();
      if (noAio != null || !file.isDirect()) {
        String why =
            "no direct I/O in " + directory + ": " + (noAio == null ? file.reason() : noAio);
        System.out.println("skipped: " + why);
        assumeTrue(false, why);
      }
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
