package io.dioagent.agent.hook;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioStack;

/** {@code mode=direct}: operations go through the runtime. Thread-safe. */
final class DirectTarget implements Target {
  private final DirectFile file;
  private final ReadMode reads;

  /** Whether a write has gone behind, so that its classes are loaded. Only ever set. */
  private volatile boolean needsLittleStack;

  /** Null unless the descriptor is an asynchronous channel's, and was written to. */
  private volatile AsyncChannel asyncChannel;

  DirectTarget(DirectFile file, ReadMode reads) {
    this.file = file;
    this.reads = reads;
  }

  /** Loads the classes of each kind of write: later ones may have little stack. */
  static void loadClasses() {
    CallMemory[] kinds = {
      new NativeRange(0, 0), new Iovecs(0, 0), new ArrayRange(new byte[0], 0, 0)
    };
    CallerWrite[] unused = {
      new OriginalWrite(null, kinds[0], 0), new OriginalByte(null, 0),
    };
  }

  @Override
  public long write(FileDescriptor descriptor, CallMemory source, long position)
      throws IOException {
    if (file.isWrittenBehind()) {
      return writeBehind(
          position, source.lengthBytes(), new OriginalWrite(descriptor, source, position));
    }
    requireStack();
    if (source instanceof ArrayRange range) {
      return writeAll(descriptor, range);
    }
    return position == CallMemory.OWN_OFFSET ? file.write(source) : file.write(source, position);
  }

  /** Has the JDK's own system call made, by this thread, if little has to be done before it. */
  private long writeBehind(long position, long lengthBytes, CallerWrite write) throws IOException {
    long result = file.tryWriteBehind(position, lengthBytes, write);
    if (result == DirectFile.NOT_READY) {
      DioStack.requireStack();
      result = file.writeBehind(position, lengthBytes, write);
      needsLittleStack = true;
    }
    return result;
  }

  @Override
  public boolean needsLittleStack() {
    return needsLittleStack;
  }

  /** Before any other write: of a file that was written behind before its policy changed. */
  private void requireStack() {
    if (needsLittleStack) {
      DioStack.requireStack();
    }
  }

  private long writeAll(FileDescriptor descriptor, ArrayRange range) throws IOException {
    ArrayRange rest = range;
    try {
      long written = file.write(rest);
      while (written < rest.lengthBytes()) {
        rest = rest.after((int) written);
        written = file.write(rest);
      }
    } catch (RuntimeException | LinkageError e) {
      if (rest == range) {
        throw e;
      }
      // The descriptor's offset has moved: the JDK does only the rest.
      file.settle();
      long unused = rest.originalWrite(descriptor, CallMemory.OWN_OFFSET);
    }
    return range.lengthBytes();
  }

  /**
   * Leaves a single byte to the JDK's own write, through the page cache: a request to the device
   * for each byte is never as fast as a write into memory.
   */
  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    CallerWrite write = new OriginalByte(descriptor, value);
    if (file.isWrittenBehind()) {
      long unused = writeBehind(CallMemory.OWN_OFFSET, 1, write);
    } else {
      requireStack();
      file.callerWrites(1, write);
    }
    return 0;
  }

  @Override
  public boolean letsKernelTransfer() {
    return false;
  }

  @Override
  public Observation observeTransfer() {
    return null;
  }

  @Override
  public long read(FileDescriptor descriptor, CallMemory sink, long position) throws IOException {
    long asked = sink.lengthBytes();
    if (reads == ReadMode.BUFFERED) {
      return readCached(descriptor, sink, position);
    }
    if (sink instanceof ArrayRange && file.callerReads(asked)) {
      return DioHook.NOT_MINE;
    }
    if (!file.readsDirect(position, asked)) {
      return readCached(descriptor, sink, position);
    }
    boolean atOwnOffset = position == CallMemory.OWN_OFFSET;
    long read = atOwnOffset ? file.read(sink) : file.read(sink, position);
    return read == 0 && asked > 0 ? DioHook.EOF : read;
  }

  /** Has the JDK read, or does so by its own native method if events are recorded. */
  private long readCached(FileDescriptor descriptor, CallMemory sink, long position)
      throws IOException {
    if (position == CallMemory.OWN_OFFSET) {
      file.settle();
    } else {
      file.settle(position, sink.lengthBytes());
    }
    Observation observation =
        reads == ReadMode.AUTO ? file.observeCached(position, sink.lengthBytes()) : null;
    return observation == null
        ? DioHook.NOT_MINE
        : ObservedTarget.read(observation, descriptor, sink, position);
  }

  @Override
  public Object writeAsync(
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler)
      throws IOException {
    requireStack();
    if (file.isWrittenBehind(position, source.remaining())) {
      return DioHook.NOT_MINE_EITHER; // The JDK calls write on a thread of its own.
    }
    AsyncChannel known = asyncChannel;
    if (known == null) {
      known = asyncChannel(channel);
    }
    return known.write(source, position, attachment, handler);
  }

  private synchronized AsyncChannel asyncChannel(AsynchronousFileChannel channel) {
    if (asyncChannel == null) {
      asyncChannel = new AsyncChannel(file, channel);
    }
    return asyncChannel;
  }

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    file.force(metadata);
    return 0;
  }

  @Override
  public void settle() {
    file.settle();
  }

  @Override
  public boolean awaitIdle(long untilNanoTime) {
    return file.awaitIdle(untilNanoTime);
  }

  @Override
  public boolean mayCloseEarly() {
    return file.mayCloseEarly();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public void closeApart() throws IOException {
    file.closeApart();
  }
}
