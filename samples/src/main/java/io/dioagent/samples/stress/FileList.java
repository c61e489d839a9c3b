package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens files, and reports failures. */
final class FileList {
  private FileList() {}

  /** Opens one file. */
  interface Opener<F> {
    F open(Path path) throws IOException;
  }

  /** Returns the files in the order of the paths; null for one that failed. */
  static <F> List<F> open(List<Path> paths, Opener<F> opener, OpenFailures failures) {
    List<F> files = new ArrayList<>();
    for (Path path : paths) {
      F file = null;
      try {
        file = opener.open(path);
      } catch (IOException e) {
        failures.failed(path, e);
      }
      files.add(file);
    }
    return files;
  }

  /** Closes the open channels. */
  static void close(List<FileChannel> channels, List<Path> paths, OpenFailures failures) {
    for (int i = 0; i < channels.size(); i++) {
      try {
        if (channels.get(i) != null) {
          channels.get(i).close();
        }
      } catch (IOException e) {
        failures.failed(paths.get(i), e);
      }
    }
  }
}
