package io.dioagent.agent.contract.javadoc;

import io.dioagent.agent.contract.Bytes;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The plain or the tagged side: an empty directory, the channels opened in it during a case, and an
 * empty directory that is tagged on neither side. Used by the thread that runs the case.
 */
public final class Side implements AutoCloseable {
  private final Path directory;
  private final Path neutral;
  private final OtherProgram other;
  private final Deque<Closeable> opened = new ArrayDeque<>();

  Side(Path directory, Path neutral, OtherProgram other) {
    this.directory = directory;
    this.neutral = neutral;
    this.other = other;
  }

  /** The file that most cases are about. It is not there yet. */
  Path file() {
    return path("file");
  }

  /** Another file on this side. */
  Path path(String name) {
    return directory.resolve(name);
  }

  /** A file that is never tagged. */
  Path neutral(String name) {
    return neutral.resolve(name);
  }

  /** A process that can lock files. */
  OtherProgram other() {
    return other;
  }

  /** Makes the file, past all that is tested. */
  byte[] fill(int lengthBytes) throws IOException {
    return fill(file(), lengthBytes);
  }

  /** Makes a file of its own bytes, past all that is tested. */
  byte[] fill(Path file, int lengthBytes) throws IOException {
    byte[] bytes = Bytes.of(file.getFileName().hashCode(), lengthBytes);
    Path made = neutral("made");
    Files.write(made, bytes);
    Files.move(made, file);
    return bytes;
  }

  /** Opens the file, until the case ends. */
  FileChannel open(OpenOption... options) throws IOException {
    return openAt(file(), options);
  }

  FileChannel openAt(Path path, OpenOption... options) throws IOException {
    return keep(FileChannel.open(path, Set.of(options)));
  }

  /** Opens the file, until the case ends. */
  RandomAccessFile random(String mode) throws IOException {
    return keep(new RandomAccessFile(file().toFile(), mode));
  }

  /** Opens the file, until the case ends. */
  FileOutputStream output(boolean append) throws IOException {
    return keep(new FileOutputStream(file().toFile(), append));
  }

  /** Opens the file, until the case ends. */
  FileInputStream input() throws IOException {
    return keep(new FileInputStream(file().toFile()));
  }

  /** Closes something when the case has ended. */
  <C extends Closeable> C keep(C closeable) {
    opened.push(closeable);
    return closeable;
  }

  /** Closes all that the case left open; an exception is part of the result. */
  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /** The files of this side with their sizes and contents. */
  void report(Seen seen) throws IOException {
    List<Path> paths;
    try (Stream<Path> listed = Files.list(directory)) {
      paths = listed.sorted().toList();
    }
    for (Path path : paths) {
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = Files.readAllBytes(path);
        seen.value(
            "in the end " + path.getFileName(),
            Files.size(path)
                + " bytes, read "
                + bytes.length
                + ", "
                + Bytes.hash(ByteBuffer.wrap(bytes)));
      } else {
        seen.value("in the end " + path.getFileName(), "no regular file");
      }
    }
  }

  /** Returns a text without the intended differences. */
  String anonymous(String text) {
    return text.replace(directory.toString(), "SIDE").replace(neutral.toString(), "NEUTRAL");
  }
}
