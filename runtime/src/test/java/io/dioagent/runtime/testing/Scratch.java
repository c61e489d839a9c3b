package io.dioagent.runtime.testing;

import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory on the disk that the build is on, gone when closed. */
public final class Scratch implements AutoCloseable {
  private final Path directory;

  /** Makes one under the module's target directory: /tmp may be in memory. */
  public Scratch() {
    try {
      Path parent = Path.of(System.getProperty("basedir", ""), "target", "scratch");
      directory = Files.createTempDirectory(Files.createDirectories(parent), "t").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the directory itself. */
  public Path directory() {
    return directory;
  }

  /** Returns a file's path in it. The file is not made. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** Makes a file of so many zeros, all of them on the disk, and none in the page cache. */
  public Path written(String name, int lengthBytes) {
    try (FileChannel channel =
        FileChannel.open(file(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(lengthBytes));
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int fd = (int) Linux.open(file(name).toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    Linux.dropPages(fd, 0, 0);
    Linux.close(fd);
    return file(name);
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
