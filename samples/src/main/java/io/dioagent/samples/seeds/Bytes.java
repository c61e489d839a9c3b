package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes, reads and counts ranges of equal bytes, and describes results. */
final class Bytes {
  private Bytes() {}

  /** Returns an array of equal bytes. */
  static byte[] of(byte content, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    Arrays.fill(bytes, content);
    return bytes;
  }

  /**
   * Writes through the runtime.
   *
   * @return bytes, or the negative errno of the exception
   * @throws IOException if it has no errno
   */
  static long write(DirectFile file, byte content, int lengthBytes, long offset)
      throws IOException {
    try {
      return file.write(ByteBuffer.wrap(of(content, lengthBytes)), offset);
    } catch (IOException e) {
      if (e.getCause() instanceof DirectIoException failure) {
        return -failure.errno();
      }
      throw e;
    }
  }

  /** Reads a range through the page cache. */
  static byte[] read(Path file, long offset, int lengthBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
        // until all is read
      }
    }
    return bytes.array();
  }

  /** Returns how many bytes have this content. */
  static long count(byte[] bytes, byte content) {
    long count = 0;
    for (byte one : bytes) {
      count += one == content ? 1 : 0;
    }
    return count;
  }

  /** Returns a result as text. */
  static String describe(long result) {
    return result < 0 ? Errno.name((int) -result) : result + " bytes";
  }
}
