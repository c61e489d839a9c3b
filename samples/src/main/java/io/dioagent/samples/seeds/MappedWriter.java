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
 * Somebody who has the file mapped, and writes a byte into each page of a direct write right after
 * the device has got that: the pages come into the cache as they were before, and are dirty when
 * the write ends, so that the kernel cannot drop them. The file has to be a hole there: then a page
 * comes without being read, and so before the write ends.
 */
final class MappedWriter extends Interposer {
  /** What it writes. */
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

  /** It does so at the next write, and not again. */
  void arm() {
    armed.set(true);
  }

  @Override
  int submit(Submissions batch, int slot, IntSupplier kernel) {
    int taken = kernel.getAsInt();
    // A write that must not wait is refused by a hole, and made once more.
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
