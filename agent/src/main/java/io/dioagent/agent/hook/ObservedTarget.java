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
  /** Recorded for operations at the descriptor's own offset, or at an unknown one. */
  private static final long OWN_OFFSET = -1;

  /**
   * EIO, negative: recorded for operations that threw, because the JDK keeps only strerror's text.
   */
  private static final long MINUS_EIO = -5;

  private final DirectFile file;

  ObservedTarget(DirectFile file) {
    this.file = file;
  }

  /** The JDK's own native method. An abstract class: see the package on lambdas. */
  private abstract static class Native {
    abstract long call() throws IOException;

    /** Calls it, and records its result. */
    final long observed(Observation observation) throws IOException {
      long result = MINUS_EIO;
      try {
        result = call();
        return result;
      } finally {
        end(observation, result == DioHook.EOF ? 0 : result);
      }
    }
  }

  @Override
  public long write(FileDescriptor descriptor, long address, int length) throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalWrite(descriptor, address, length);
          }
        };
    return operation.observed(beginWrite(OWN_OFFSET, length));
  }

  @Override
  public long writeAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalWriteAt(descriptor, address, length, position);
          }
        };
    return operation.observed(beginWrite(position, length));
  }

  @Override
  public long gather(FileDescriptor descriptor, long iovecs, int count) throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalGather(descriptor, iovecs, count);
          }
        };
    return operation.observed(beginWrite(OWN_OFFSET, new Iovecs(iovecs, count).lengthBytes()));
  }

  @Override
  public long writeByte(FileDescriptor descriptor, int value) throws IOException {
    return writeBytes(descriptor, new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            DioNatives.originalWriteBytes(descriptor, bytes, offset, length);
            return length;
          }
        };
    long unused = operation.observed(beginWrite(OWN_OFFSET, length));
    return 0;
  }

  @Override
  public boolean letsKernelTransfer() {
    return true;
  }

  @Override
  public Observation observeTransfer() {
    return beginWrite(OWN_OFFSET, 0);
  }

  @Override
  public long read(FileDescriptor descriptor, long address, int length) throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalRead(descriptor, address, length);
          }
        };
    return operation.observed(beginRead(OWN_OFFSET, length));
  }

  @Override
  public long readAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalReadAt(descriptor, address, length, position);
          }
        };
    return operation.observed(beginRead(position, length));
  }

  @Override
  public long scatter(FileDescriptor descriptor, long iovecs, int count) throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalScatter(descriptor, iovecs, count);
          }
        };
    return operation.observed(beginRead(OWN_OFFSET, new Iovecs(iovecs, count).lengthBytes()));
  }

  @Override
  public long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalReadBytes(descriptor, bytes, offset, length);
          }
        };
    return operation.observed(beginRead(OWN_OFFSET, length));
  }

  @Override
  public long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    Native operation =
        new Native() {
          @Override
          long call() throws IOException {
            return DioNatives.originalForce(descriptor, metadata);
          }
        };
    return operation.observed(beginForce(metadata));
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
