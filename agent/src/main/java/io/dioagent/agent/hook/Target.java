package io.dioagent.agent.hook;

import io.dioagent.runtime.api.Observation;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import sun.nio.ch.DioHook;

/**
 * Where the operations of one tagged descriptor go. Called by any thread, under the JDK's own
 * locks.
 *
 * <p>Each operation ends before its method returns, and answers what the JDK's native method would:
 * a byte count, an IOStatus, or an IOException with strerror(3)'s text. {@link InternalError} means
 * that the application's memory could not be read. After that, and after each other exception that
 * is no IOException, the operation can be done by the JDK: nothing of it was submitted.
 */
interface Target {
  /** write(2). */
  long write(FileDescriptor descriptor, long address, int length) throws IOException;

  /** pwrite(2). */
  long writeAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException;

  /** writev(2). */
  long gather(FileDescriptor descriptor, long iovecs, int count) throws IOException;

  /**
   * One byte of a stream.
   *
   * @return 0, or {@code DioHook.NOT_MINE} if the JDK is to write it
   */
  long writeByte(FileDescriptor descriptor, int value) throws IOException;

  /** All of a range of a stream's array, or an exception. Answers 0. */
  long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException;

  /** Whether the kernel may copy bytes from another file, without passing here. */
  boolean letsKernelTransfer();

  /** Such a transfer begins, to be ended with its bytes; null if nobody wants to know. */
  Observation observeTransfer();

  /** read(2), but EOF at the end; or {@code DioHook.NOT_MINE} if the JDK is to read. */
  long read(FileDescriptor descriptor, long address, int length) throws IOException;

  /** pread(2), but EOF at the end; or {@code DioHook.NOT_MINE}. */
  long readAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException;

  /** readv(2), but EOF at the end; or {@code DioHook.NOT_MINE}. */
  long scatter(FileDescriptor descriptor, long iovecs, int count) throws IOException;

  /** Into a range of a stream's array: bytes, EOF, or {@code DioHook.NOT_MINE}. */
  long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException;

  /**
   * A write of an asynchronous channel, as {@code DioHook.writeAsync}. By default it is the JDK's,
   * which comes by {@link #writeAt} on a thread of its own.
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

  /** Waits until what was written so far is in the file. */
  default void settle() {}

  /**
   * Waits, with no call under way, for what goes on without a caller. Only {@link #close} may
   * follow.
   *
   * @return false if a point in time, by {@link System#nanoTime}, came first; then nothing has
   *     changed
   */
  default boolean awaitIdle(long untilNanoTime) {
    return true;
  }

  /**
   * Whether {@link #close} takes nothing from the application although the descriptor goes on, with
   * no operation under way.
   */
  boolean mayCloseEarly();

  /** Gives up what it holds; the descriptor itself is still open, and closed by the caller next. */
  void close() throws IOException;

  /**
   * Gives up what it holds while the descriptor goes on, or has been closed before. By default, as
   * {@link #close}.
   */
  default void closeApart() throws IOException {
    close();
  }
}
