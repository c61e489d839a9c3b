package io.dioagent.agent.hook;

import io.dioagent.runtime.api.CallerWrite;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The JDK's own write of an application's memory, not hooked.
 *
 * @param position may be {@link CallMemory#OWN_OFFSET}
 */
record OriginalWrite(FileDescriptor descriptor, CallMemory source, long position)
    implements CallerWrite {
  @Override
  public long run() throws IOException {
    return source.originalWrite(descriptor, position);
  }
}
