package io.dioagent.runtime;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;

/**
 * Copies the contents of a descriptor from its own offset on to a file's own offset. Used by one
 * thread.
 */
final class FileCopy implements AutoCloseable {
  private static final int CHUNK_BYTES = 4 << 20;

  private final DirectFile to;
  private final int from;
  private final long address;

  FileCopy(DirectFile to, int from) throws IOException {
    this.to = to;
    this.from = from;
    address = ErrnoException.check("mmap", Linux.mapMemory(CHUNK_BYTES));
  }

  /**
   * Copies until the source's end, or until one of the two sides ends early. Then both offsets
   * stand where the copy has to go on, and the next call gets the reason.
   *
   * @throws IOException if a write failed
   */
  void run() throws IOException {
    long position = ErrnoException.check("lseek", Linux.position(from));
    while (true) {
      long read = Linux.pread(from, address, CHUNK_BYTES, position);
      if (read <= 0 && read != -Errno.EINTR) {
        return;
      }
      long written = read < 0 ? 0 : to.write(WriteSource.of(Linux.view(address, read)));
      position += written;
      ErrnoException.check("lseek", Linux.seek(from, position));
      if (written < read) {
        return;
      }
    }
  }

  @Override
  public void close() {
    Linux.unmapMemory(address, CHUNK_BYTES);
  }
}
