package io.dioagent.samples.seeds;

import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * A writer that has the file mapped, and writes a byte into each page of a direct write right after
 * its submission. The pages enter the page cache with their old content. They are dirty when the
 * write ends, so that the kernel cannot drop them. The range has to be a hole: then a page is
 * filled without a read, and so before the write ends.
 */
final class MappedWriter extends Interposer {
  /** The byte that it writes. */
  static final byte CONTENT = 'm';

  private final MappedByteBuffer mapped;
  private final AtomicBoolean armed = new AtomicBoolean();

  MappedWriter(AioEngine below, Path file) throws IOException {
    super(below);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
    }
  }

  /** Lets it write once, at the next direct write. */
  void arm() {
    armed.set(true);
  }

  @Override
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    int taken = kernel.getAsInt();
    // A hole refuses a write with RWF_NOWAIT, and the runtime submits it again.
    boolean started = taken == 1 && (batch.rwFlags(slot) & Linux.RWF_NOWAIT) == 0;
    if (started && armed.compareAndSet(true, false)) {
      int from = (int) batch.offset(slot);
      for (int at = 0; at < batch.lengthBytes(slot); at += (int) Linux.PAGE_BYTES) {
        mapped.put(from + at, CONTENT);
      }
    }
    return taken;
  }
}
