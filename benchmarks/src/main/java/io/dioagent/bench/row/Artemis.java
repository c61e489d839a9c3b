package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.work.ArtemisWorker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.nativo.jlibaio.LibaioContext;

/** Makes JVMs with the native library from the jar of Artemis. */
final class Artemis {
  private static final String LIBRARY = "libartemis-native-64.so";
  private static final String RESOURCE = "/lib/linux-x86_64/" + LIBRARY;

  private Artemis() {}

  /** Returns why it cannot be used here; empty if it can. */
  static Optional<String> whyNot(Bench bench) throws InterruptedException {
    try {
      fork(bench).run(ArtemisWorker.class, List.of());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("Artemis' native library, which needs libaio1: " + e.getMessage());
    }
  }

  static JavaFork fork(Bench bench) throws IOException {
    Path directory = bench.scratch().file("artemis");
    Path library = directory.resolve(LIBRARY);
    if (!Files.exists(library)) {
      Files.createDirectories(directory);
      try (InputStream in = LibaioContext.class.getResourceAsStream(RESOURCE)) {
        Files.copy(in, library);
      }
    }
    return bench.plainFork().with("-Djava.library.path=" + directory);
  }
}
