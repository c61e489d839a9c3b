package io.dioagent.agent.hook;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.WriteSource;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNatives;

/** {@code mode=direct}: operations go through the runtime. Thread-safe. */
final class DirectTarget implements Target {
  private final DirectFile file;
  private final boolean readsDirect;

  /** Null unless the descriptor is an asynchronous channel's, and was written to. */
  private volatile AsyncChannel asyncChannel;

  DirectTarget(DirectFile file, ReadMode reads) {
    this.file = file;
    readsDirect = reads == ReadMode.DIRECT;
  }

  @Override
  public long write(FileDescriptor descriptor, long address, int length) throws IOException {
    return file.write(new NativeSource(address, length));
  }

  @Override
  public long writeAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    return file.write(new NativeSource(address, length), position);
  }

  @Override
  public long gather(FileDescriptor descriptor, long iovecs, int count) throws IOException {
    return file.write(new GatherSource(iovecs, count));
  }

  /**
   * Leaves a single byte to the JDK's own write, through the page cache: a request to the device
   * for each byte is never as fast as a write into memory.
   */
  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    file.callerWrites(1, () -> DioNatives.originalWriteByte(descriptor, value));
    return 0;
  }

  @Override
  public long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    int done = 0;
    try {
      while (done < length) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset + done, length - done);
        done += (int) file.write(WriteSource.of(rest));
      }
    } catch (RuntimeException | LinkageError e) {
      if (done == 0) {
        throw e;
      }
      // The descriptor's offset has moved: the JDK does only the rest.
      file.settle();
      DioNatives.originalWriteBytes(descriptor, bytes, offset + done, length - done);
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
  public long read(FileDescriptor descriptor, long address, int length) throws IOException {
    return readsDirect ? orEof(file.read(new NativeSink(address, length)), length) : leave();
  }

  @Override
  public long readAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    if (readsDirect) {
      return orEof(file.read(new NativeSink(address, length), position), length);
    }
    file.settle(position, length);
    return DioHook.NOT_MINE;
  }

  @Override
  public long scatter(FileDescriptor descriptor, long iovecs, int count) throws IOException {
    if (!readsDirect) {
      return leave();
    }
    ScatterSink sink = new ScatterSink(iovecs, count);
    return orEof(file.read(sink), sink.lengthBytes());
  }

  @Override
  public long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    if (!readsDirect) {
      return leave();
    }
    return file.callerReads(length)
        ? DioHook.NOT_MINE
        : orEof(file.read(ReadSink.of(ByteBuffer.wrap(bytes, offset, length))), length);
  }

  private static long orEof(long read, long asked) {
    return read == 0 && asked > 0 ? DioHook.EOF : read;
  }

  /** Leaves a read at the descriptor's own offset to the JDK. */
  private long leave() {
    file.settle();
    return DioHook.NOT_MINE;
  }

  @Override
  public Object writeAsync(
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler)
      throws IOException {
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
