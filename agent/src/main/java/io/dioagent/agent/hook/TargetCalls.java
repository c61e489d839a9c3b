package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import sun.nio.ch.DioHook;

/**
 * Performs operations on the targets of descriptors. Each passes the target's gate; each returns
 * {@code DioHook.NOT_MINE} if the JDK is to do it.
 *
 * <p>An operation is one method here, not an object to be called, so that the way from the hook to
 * the target is one frame, and allocates nothing. Thread-safe.
 */
final class TargetCalls {
  /**
   * Thrown in place of an OutOfMemoryError to the tasks of an asynchronous channel: an Error ends
   * the JDK's task without ending its Future. Made before the heap is full.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static final IOException HEAP_FULL =
      new IOException(
          "the Java heap was full: the operation was not done",
          new OutOfMemoryError("Java heap space"));

  private final Redirection redirection;

  TargetCalls(Redirection redirection) {
    this.redirection = redirection;
  }

  /** See {@link Target#write}. */
  long write(OpenFile known, FileDescriptor descriptor, CallMemory source, long position)
      throws IOException {
    GatedTarget gated = redirection.enter(known, descriptor);
    if (gated == null) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().write(descriptor, source, position);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }

  /** As {@link #write} from memory, by a task of an asynchronous channel or by a caller. */
  long writeAt(
      OpenFile known, FileDescriptor descriptor, long address, int lengthBytes, long position)
      throws IOException {
    GatedTarget gated = redirection.enter(known, descriptor);
    if (gated == null) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().write(descriptor, new NativeRange(address, lengthBytes), position);
    } catch (OutOfMemoryError e) {
      return redirection.failed(gated, known != null && known.isAsynchronous() ? HEAP_FULL : e);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }

  /** As {@link #read} into memory, by a task of an asynchronous channel or by a caller. */
  long readAt(
      OpenFile known, FileDescriptor descriptor, long address, int lengthBytes, long position)
      throws IOException {
    GatedTarget gated = redirection.enter(known, descriptor);
    if (gated == null) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().read(descriptor, new NativeRange(address, lengthBytes), position);
    } catch (OutOfMemoryError e) {
      return redirection.failed(gated, known != null && known.isAsynchronous() ? HEAP_FULL : e);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }

  /** See {@link Target#read}. */
  long read(OpenFile known, FileDescriptor descriptor, CallMemory sink, long position)
      throws IOException {
    GatedTarget gated = redirection.enter(known, descriptor);
    if (gated == null) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().read(descriptor, sink, position);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }

  /** See {@link Target#writeByte}. */
  long writeByte(OpenFile known, FileDescriptor descriptor, int value) throws IOException {
    GatedTarget gated = redirection.enter(known, descriptor);
    if (gated == null) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().writeByte(descriptor, value);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }

  /** See {@link Target#force}. */
  long force(GatedTarget gated, FileDescriptor descriptor, boolean metadata) throws IOException {
    if (!gated.enter()) {
      return DioHook.NOT_MINE;
    }
    try {
      return gated.target().force(descriptor, metadata);
    } catch (IOException | RuntimeException | Error e) {
      return redirection.failed(gated, e);
    } finally {
      gated.exit();
    }
  }
}
