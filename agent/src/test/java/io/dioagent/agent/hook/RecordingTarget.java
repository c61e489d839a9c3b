package io.dioagent.agent.hook;

import io.dioagent.runtime.api.Observation;
import java.io.FileDescriptor;
import java.io.IOException;
import org.junit.jupiter.api.function.Executable;

/** A target that counts, and throws a given exception. Used by one thread. */
final class RecordingTarget implements Target {
  int operations;
  int closes;
  Throwable thrown;
  boolean mayCloseEarly = true;

  /** Done within each operation; null for nothing. */
  Executable beforeAnswer;

  /** Done when it is closed; null for nothing. */
  Runnable onClose;

  /** Thrown by its close: an IOException or an Error; null for nothing. */
  Throwable closeFailure;

  private long operation(long result) throws IOException {
    operations++;
    Executable before = beforeAnswer;
    if (before != null) {
      try {
        before.execute();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return result;
  }

  @Override
  public long write(FileDescriptor descriptor, CallMemory source, long position)
      throws IOException {
    return operation(source.lengthBytes());
  }

  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    return operation(0);
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
    return operation(sink.lengthBytes());
  }

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    return operation(0);
  }

  @Override
  public boolean mayCloseEarly() {
    return mayCloseEarly;
  }

  @Override
  public void close() throws IOException {
    closes++;
    if (onClose != null) {
      onClose.run();
    }
    if (closeFailure instanceof IOException e) {
      throw e;
    }
    if (closeFailure instanceof Error e) {
      throw e;
    }
  }
}
