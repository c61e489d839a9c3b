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
