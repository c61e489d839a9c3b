package io.dioagent.agent.hook;

import io.dioagent.runtime.api.Observation;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import sun.nio.ch.DioHook;

/**
 * Performs the operations of one tagged descriptor. Called by any thread, under the JDK's own
 * locks.
 *
 * <p>Each operation ends before its method returns. The result is that of the JDK's native method:
 * a byte count, an IOStatus, or an IOException with strerror(3)'s text. {@link InternalError} means
 * that the application's memory could not be read. After it, and after any other exception but
 * IOException, the JDK can do the operation: nothing of it was submitted.
 */
interface Target {
  /**
   * write(2), writev(2), or pwrite(2). From an {@link ArrayRange}, as the streams do: writes all of
   * it, or throws.
   *
   * @param position may be {@link CallMemory#OWN_OFFSET}
   */
  long write(FileDescriptor descriptor, CallMemory source, long position) throws IOException;

  /**
   * Whether a write needs little stack, and requires more itself if it does after all: only reads a
   * field.
   */
  default boolean needsLittleStack() {
    return false;
  }

  /**
   * Writes one byte of a stream.
   *
   * @return 0, or {@code DioHook.NOT_MINE} if the JDK is to write it
   */
  long writeByte(FileDescriptor descriptor, int value) throws IOException;

  /** Whether the kernel may copy bytes from another file, without passing here. */
  boolean letsKernelTransfer();

  /**
   * Begins to observe such a transfer, to be ended with its byte count; null if it is not observed.
   */
  Observation observeTransfer();

  /**
   * read(2), readv(2), or pread(2), but EOF at the end; or {@code DioHook.NOT_MINE} if the JDK is
   * to read.
   *
   * @param position may be {@link CallMemory#OWN_OFFSET}
   */
  long read(FileDescriptor descriptor, CallMemory sink, long position) throws IOException;

  /**
   * Begins a write of an asynchronous channel, as {@code DioCalls.writeAsync}. By default leaves it
   * to the JDK, which calls {@link #write} on a thread of its own.
   *
   * @throws IOException if nothing was begun
   */
  default Object writeAsync(
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler)
      throws IOException {
    return DioHook.NOT_MINE_EITHER;
  }

  /** fsync(2) or fdatasync(2). */
  long force(FileDescriptor descriptor, boolean metadata) throws IOException;

  /** Waits until all earlier writes are in the file. */
  default void settle() {}

  /**
   * Waits, with no call under way, for I/O that goes on without a caller. Only {@link #close} may
   * follow.
   *
   * @param untilNanoTime when to give up, by {@link System#nanoTime}
   * @return false if that time came first; then nothing has changed
   */
  default boolean awaitIdle(long untilNanoTime) {
    return true;
  }

  /**
   * Whether {@link #close}, with no operation under way, takes nothing from the application
   * although it goes on using the descriptor.
   */
  boolean mayCloseEarly();

  /** Releases what it holds. The descriptor itself is still open; the caller closes it next. */
  void close() throws IOException;

  /**
   * Releases what it holds while the descriptor stays open, or has been closed before. By default
   * as {@link #close}.
   */
  default void closeApart() throws IOException {
    close();
  }
}
