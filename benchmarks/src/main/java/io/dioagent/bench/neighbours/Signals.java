package io.dioagent.bench.neighbours;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Signals between the processes of one run, by creation of files.
 *
 * @param directory the directory of the files
 */
record Signals(Path directory) {

  enum Signal {
    /** The reader's file is in the page cache, and its code compiled. */
    WARM,
    /** The neighbour has been at work for a while. */
    BUSY,
    /** The reader has measured. */
    DONE
  }

  boolean isSet(Signal signal) {
    return Files.exists(file(signal));
  }

  void set(Signal signal) throws IOException {
    try {
      Files.createFile(file(signal));
    } catch (FileAlreadyExistsException e) {
      return; // Already set.
    }
  }

  /**
   * Waits for a signal, or for the end of its setter.
   *
   * @return false if the setter ended without setting it
   */
  boolean await(Signal signal, Future<?> setter) throws InterruptedException {
    while (!isSet(signal)) {
      if (setter.isDone()) {
        return isSet(signal);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  private Path file(Signal signal) {
    return directory.resolve(signal.name());
  }
}
