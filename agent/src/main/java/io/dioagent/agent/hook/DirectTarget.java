package io.dioagent.agent.hook;

import io.dioagent.runtime.DirectFile;
import java.io.FileDescriptor;
import java.io.IOException;

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

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    file.force(metadata);
    return 0;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
