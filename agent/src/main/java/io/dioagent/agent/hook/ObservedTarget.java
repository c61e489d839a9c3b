package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.api.Observation;
import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNatives;

/**
 * {@code mode=observe}: the JDK's own natives do the operations, and they are accounted.
 * Thread-safe.
 */
final class ObservedTarget implements Target {
  /**
   * EIO, negative: recorded for operations that threw, because the JDK keeps only strerror's text.
   */
  private static final long MINUS_EIO = -5;

  private final DirectFile file;

  ObservedTarget(DirectFile file) {
    this.file = file;
  }

  @Override
  public long write(FileDescriptor descriptor, CallMemory source, long position)
      throws IOException {
    Observation observation = beginWrite(position, source.lengthBytes());
    long result = MINUS_EIO;
    try {
      result = source.originalWrite(descriptor, position);
      return result;
    } finally {
      end(observation, result);
    }
  }

  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    ArrayRange source = new ArrayRange(new byte[] {(byte) value}, 0, 1);
    long unused = write(descriptor, source, CallMemory.OWN_OFFSET);
    return 0;
  }

  @Override
  public boolean letsKernelTransfer() {
    return true;
  }

  @Override
  public Observation observeTransfer() {
    return beginWrite(CallMemory.OWN_OFFSET, 0);
  }

  @Override
  public long read(FileDescriptor descriptor, CallMemory sink, long position) throws IOException {
    return read(beginRead(position, sink.lengthBytes()), descriptor, sink, position);
  }

  /**
   * Reads by the JDK's own native method.
   *
   * @param observation ended with the read; may be null
   */
  static long read(
      Observation observation, FileDescriptor descriptor, CallMemory sink, long position)
      throws IOException {
    long result = MINUS_EIO;
    try {
      result = sink.originalRead(descriptor, position);
      return result;
    } finally {
      end(observation, result == DioHook.EOF ? 0 : result);
    }
  }

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    Observation observation = beginForce(metadata);
    long result = MINUS_EIO;
    try {
      result = DioNatives.originalForce(descriptor, metadata);
      return result;
    } finally {
      end(observation, result);
    }
  }

  /** Returns null if it cannot be accounted: the operation itself must not suffer. */
  private Observation beginWrite(long offset, long length) {
    try {
      return file.observeWrite(offset, length);
    } catch (RuntimeException | Error e) {
      return notAccounted(e);
    }
  }

  /** Null if it cannot be accounted. */
  private Observation beginRead(long offset, long length) {
    try {
      return file.observeRead(offset, length);
    } catch (RuntimeException | Error e) {
      return notAccounted(e);
    }
  }

  /** Null if it cannot be accounted. */
  private Observation beginForce(boolean metadata) {
    try {
      return file.observeForce(metadata);
    } catch (RuntimeException | Error e) {
      return notAccounted(e);
    }
  }

  private static Observation notAccounted(Throwable thrown) {
    AgentLog.debug("not accounted: " + thrown);
    return null;
  }

  private static void end(Observation observation, long result) {
    try {
      if (observation != null) {
        observation.end(result);
      }
    } catch (RuntimeException | Error e) {
      Observation unused = notAccounted(e); // The operation is done, and must not be repeated.
    }
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
