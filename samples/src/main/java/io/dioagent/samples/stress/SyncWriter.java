package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Writes one record at a time with blocking writes. */
final class SyncWriter implements RecordWriter {
  private final PositionalWrite target;
  private final ByteBuffer memory;
  private long endedUserData;
  private long result;

  /** Writes the remaining bytes of a buffer. */
  interface PositionalWrite {
    /** Returns the number of bytes written. */
    int write(int file, ByteBuffer source, long position) throws IOException;
  }

  SyncWriter(PositionalWrite target, int recordBytes) {
    this.target = target;
    // Aligned for O_DIRECT.
    int pages = (recordBytes + StressConfig.PAGE_BYTES - 1) / StressConfig.PAGE_BYTES;
    memory =
        ByteBuffer.allocateDirect((pages + 1) * StressConfig.PAGE_BYTES)
            .alignedSlice(StressConfig.PAGE_BYTES)
            .slice(0, recordBytes);
  }

  @Override
  public ByteBuffer memory(int slot) {
    return memory;
  }

  @Override
  public void submit(int slot, int file, long position, long userData) {
    try {
      result = target.write(file, memory.duplicate(), position);
    } catch (IOException e) {
      result = -Errors.errnoOf(e);
    }
    endedUserData = userData;
  }

  @Override
  public void await(Duration timeout, Handler handler) {
    handler.ended(endedUserData, result);
  }

  @Override
  public void close() {}
}
