package io.dioagent.agent.hook;

import io.dioagent.runtime.api.CallerWrite;
import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.DioNatives;

/** The JDK's own write of a single byte of a stream, not hooked. */
record OriginalByte(FileDescriptor descriptor, int value) implements CallerWrite {
  @Override
  public long run() throws IOException {
    DioNatives.originalWriteByte(descriptor, value);
    return 1;
  }
}
