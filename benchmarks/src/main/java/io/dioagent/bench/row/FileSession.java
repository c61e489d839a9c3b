package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A session with a preallocated file that both sides overwrite, deleted at the end. */
abstract class FileSession implements Row.Session {
  private final Path file;

  FileSession(Bench bench, String name) throws IOException {
    file = bench.scratch().file(name);
    DirectFiles.create(file, bench.effort().fileBytes());
  }

  final Path file() {
    return file;
  }

  @Override
  public final void close() throws IOException {
    Files.delete(file);
  }
}
