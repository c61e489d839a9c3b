package io.dioagent.jmc.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/** A file that is replaced as a whole, or not at all. */
final class OutputFile {
  private final Path file;

  private OutputFile(Path file) {
    this.file = file;
  }

  /**
   * Checks whether the file may be written, without changing anything.
   *
   * @param inputs files that must not be replaced
   */
  static OutputFile of(Path file, List<Path> inputs) throws ReportException {
    try {
      if (!Files.exists(file)) {
        return new OutputFile(file.toAbsolutePath());
      }
      if (!Files.isRegularFile(file)) {
        throw RecordingChunks.wrong(
            file, Files.isDirectory(file) ? "is a directory" : "is not a regular file");
      }
      for (Path input : inputs) {
        if (Files.exists(input) && Files.isSameFile(file, input)) {
          throw RecordingChunks.wrong(file, "is a recording, which the page would replace");
        }
      }
      // The target of a symbolic link is replaced, not the link.
      return new OutputFile(file.toRealPath());
    } catch (IOException e) {
      throw cannotBeWritten(file, e);
    }
  }

  void write(String text) throws ReportException {
    Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      try {
        Files.writeString(
            temporary,
            text,
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw cannotBeWritten(file, e);
    }
  }

  private static ReportException cannotBeWritten(Path file, IOException cause) {
    String why = cause.getMessage();
    if (cause instanceof NoSuchFileException) {
      why = "there is no directory " + file.toAbsolutePath().getParent();
    } else if (cause instanceof AccessDeniedException) {
      why = "that is not allowed";
    }
    return RecordingChunks.wrong(file, "cannot be written: " + why, cause);
  }
}
