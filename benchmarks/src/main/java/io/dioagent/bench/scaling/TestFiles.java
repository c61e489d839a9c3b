package io.dioagent.bench.scaling;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a series: for each size a directory with as many as any of its points writes to.
 *
 * @param directory of the directories
 * @param counts how many files there are, by their size in bytes
 */
record TestFiles(Path directory, Map<Long, Integer> counts) implements AutoCloseable {

  /** Makes them, past the page cache. */
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

  /** The directory of the files of that size, which are named by their numbers from 0. */
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
