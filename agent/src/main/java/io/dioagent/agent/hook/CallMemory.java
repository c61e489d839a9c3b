package io.dioagent.agent.hook;

import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.WriteSource;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The application's memory that one call writes from, or reads into. Knows the JDK's native method
 * for such memory, too. Used by one thread.
 */
abstract class CallMemory implements WriteSource, ReadSink {
  /** The position of a call at the descriptor's own offset. */
  static final long OWN_OFFSET = -1;

  /** Limits one call, as read(2) and write(2) do; the next call takes the rest. */
  static final long MOST_BYTES = 0x7ffff000;

  /**
   * Writes by the JDK's own native method, not hooked.
   *
   * @param position may be {@link #OWN_OFFSET}
   */
  abstract long originalWrite(FileDescriptor descriptor, long position) throws IOException;

  /** Reads by the JDK's own native method; as {@link #originalWrite}. */
  abstract long originalRead(FileDescriptor descriptor, long position) throws IOException;
}
