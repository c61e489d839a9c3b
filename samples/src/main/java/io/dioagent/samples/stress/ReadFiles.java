package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** The files of a reading stage, read through the page cache. Thread-safe. */
final class ReadFiles implements AutoCloseable {
  private final List<Path> paths;
  private final OpenFailures failures;
  private final List<FileChannel> channels;

  ReadFiles(List<Path> paths, OpenFailures failures) {
    this.paths = paths;
    this.failures = failures;
    channels =
        FileList.open(paths, path -> FileChannel.open(path, StandardOpenOption.READ), failures);
  }

  boolean isOpen(int file) {
    return channels.get(file) != null;
  }

  boolean isAnyOpen() {
    return channels.stream().anyMatch(Objects::nonNull);
  }

  /** Fills the remaining bytes of a buffer; bytes behind the end of the file read as zeros. */
  void read(int file, ByteBuffer destination, long position) throws IOException {
    int start = destination.position();
    while (destination.hasRemaining()) {
      int read = channels.get(file).read(destination, position + destination.position() - start);
      if (read < 0) {
        while (destination.hasRemaining()) {
          destination.put((byte) 0);
        }
      }
    }
  }

  @Override
  public void close() {
    FileList.close(channels, paths, failures);
  }
}
