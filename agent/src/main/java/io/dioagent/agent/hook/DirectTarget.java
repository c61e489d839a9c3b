package io.dioagent.agent.hook;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.WriteSource;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import sun.nio.ch.DioHook;

/** {@code mode=direct}: operations go through the runtime. Thread-safe. */
final class DirectTarget implements Target {
  private final DirectFile file;

  DirectTarget(DirectFile file) {
    this.file = file;
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
   * Left to the JDK, and the page cache: no way to the device for each single byte is as fast as a
   * write into memory.
   */
  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    file.callerWrites(1);
    return DioHook.NOT_MINE;
  }

  @Override
  public long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    for (int done = 0; done < length; ) {
      ByteBuffer rest = ByteBuffer.wrap(bytes, offset + done, length - done);
      done += (int) file.write(WriteSource.of(rest));
    }
    return 0;
  }

  @Override
  public boolean letsKernelTransfer() {
    return false;
  }

  @Override
  public long read(FileDescriptor descriptor, long address, int length) {
    return DioHook.NOT_MINE;
  }

  @Override
  public long readAt(FileDescriptor descriptor, long address, int length, long position) {
    return DioHook.NOT_MINE;
  }

  @Override
  public long scatter(FileDescriptor descriptor, long iovecs, int count) {
    return DioHook.NOT_MINE;
  }

  @Override
  public long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length) {
    return DioHook.NOT_MINE;
  }

  @Override
  public void changed() {}

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    file.force(metadata);
    return 0;
  }

  @Override
  public boolean mayCloseEarly() {
    return file.mayCloseEarly();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
