package io.dioagent.samples.stress;

import io.dioagent.runtime.AlignedBuffer;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Keeps writes in flight on a queue of the runtime. */
final class QueueWriter implements RecordWriter {
  private final DirectRuntime runtime;
  private final List<DirectFile> files;
  private final WriteQueue queue;
  private final int recordBytes;

  /** Buffers by slot; null if there is none. */
  private final AlignedBuffer[] buffers;

  QueueWriter(DirectRuntime runtime, List<DirectFile> files, StressConfig.Shape shape) {
    this.runtime = runtime;
    this.files = files;
    recordBytes = shape.recordBytes();
    queue = runtime.newQueue(shape.depth());
    buffers = new AlignedBuffer[shape.depth()];
  }

  @Override
  public ByteBuffer memory(int slot) {
    if (buffers[slot] != null && buffers[slot].isInUse()) {
      // A lost write still uses it: the runtime frees it when the kernel is done with it.
      buffers[slot].close();
      buffers[slot] = null;
    }
    if (buffers[slot] == null) {
      try {
        buffers[slot] = runtime.allocate(recordBytes);
      } catch (IllegalStateException e) {
        return null;
      }
    }
    return buffers[slot].byteBuffer().duplicate();
  }

  @Override
  public void submit(int slot, int file, long position, long userData) throws IOException {
    queue.submit(files.get(file), buffers[slot], recordBytes, position, userData);
  }

  @Override
  public void await(Duration timeout, Handler handler) {
    int ignored = queue.await(1, timeout, (data, result, id) -> handler.ended(data, result));
  }

  @Override
  public void close() {
    queue.close();
    for (AlignedBuffer buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
