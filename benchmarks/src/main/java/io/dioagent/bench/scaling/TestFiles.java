package io.dioagent.bench.scaling;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a series: a directory per size, with as many files as its points need.
 *
 * @param directory the parent of the directories
 * @param counts numbers of files by their size in bytes
 */
record TestFiles(Path directory, Map<Long, Integer> counts) implements AutoCloseable {

  /** Makes the files, past the page cache. */
  static TestFiles create(Path directory, List<Point> points) throws IOException {
    Map<Long, Integer> counts = new HashMap<>();
    for (Point point : points) {
      counts.merge(point.workload().fileBytes(), point.workload().files(), Math::max);
    }
    TestFiles files = new TestFiles(directory, counts);
    for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
      Files.createDirectories(files.of(entry.getKey()));
      for (int i = 0; i < entry.getValue(); i++) {
        DirectFiles.create(files.file(entry.getKey(), i), entry.getKey());
      }
    }
    return files;
  }

  /** Returns the directory of the files of that size, named by their numbers from 0. */
  Path of(long fileBytes) {
    return directory.resolve(Long.toString(fileBytes));
  }

  Path file(long fileBytes, int number) {
    return of(fileBytes).resolve(Integer.toString(number));
  }

  @Override
  public void close() throws IOException {
    for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
      for (int i = 0; i < entry.getValue(); i++) {
        Files.deleteIfExists(file(entry.getKey(), i));
      }
    }
  }
}
