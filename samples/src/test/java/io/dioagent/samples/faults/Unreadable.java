package io.dioagent.samples.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory that an application cannot read: the mapping of a truncated file. */
final class Unreadable {
  static final int BYTES = 4096;

  private Unreadable() {}

  static ByteBuffer buffer() throws IOException {
    Path file = Files.createTempFile("unreadable", null);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      channel.truncate(0);
      return mapped;
    }
  }
}
