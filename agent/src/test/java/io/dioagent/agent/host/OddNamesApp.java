package io.dioagent.agent.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes and reads each file of a directory in the working directory, whatever its name. */
public final class OddNamesApp {
  private static final int LENGTH = 16384;

  private OddNamesApp() {}

  /** No arguments: names that a locale cannot write cannot be given. */
  public static void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of(""), "d*ten*")) {
      for (Path directory : directories) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
          for (Path file : files) {
            write(file);
          }
        }
      }
    }
  }

  private static void write(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(LENGTH);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      for (int i = 0; i < LENGTH; i++) {
        bytes.put(i, (byte) 'x');
      }
      int written = channel.write(bytes.rewind(), 0);
      if (written != LENGTH || Files.size(file) != LENGTH) {
        throw new AssertionError(written + " bytes, file " + Files.size(file));
      }
      channel.force(true);
      bytes.clear();
      if (channel.read(bytes, 0) != LENGTH || bytes.get(LENGTH - 1) != 'x') {
        throw new AssertionError("read back something else");
      }
    }
  }
}
