package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;

/**
 * Prologues of the JDK's woven methods that may replace the rest of the method. The woven method
 * returns the result, unless that is {@link DioHook#NOT_MINE} or {@link DioHook#NOT_MINE_EITHER}.
 * Called by any thread.
 */
public final class DioCalls {
  private DioCalls() {}

  /** Prologue of {@code FileDispatcherImpl.write}: like write(2). */
  public static long write(FileDescriptor descriptor, long address, int length) throws IOException {
    DioHook hook = DioHook.forWrite(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onWrite(descriptor, address, length);
  }

  /** Prologue of {@code FileDispatcherImpl.pwrite}: like pwrite(2). */
  public static long pwrite(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    DioHook hook = DioHook.forWrite(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onWriteAt(descriptor, address, length, position);
  }

  /** Prologue of {@code FileDispatcherImpl.writev}: like writev(2). */
  public static long writev(FileDescriptor descriptor, long address, int count) throws IOException {
    DioHook hook = DioHook.forWrite(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onGather(descriptor, address, count);
  }

  /** Prologue of {@code FileDispatcherImpl.read}: like read(2), but EOF at the end. */
  public static long read(FileDescriptor descriptor, long address, int length) throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onRead(descriptor, address, length);
  }

  /** Prologue of {@code FileDispatcherImpl.pread}: like pread(2), but EOF at the end. */
  public static long pread(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onReadAt(descriptor, address, length, position);
  }

  /** Prologue of {@code FileDispatcherImpl.readv}: like readv(2), but EOF at the end. */
  public static long readv(FileDescriptor descriptor, long address, int count) throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onScatter(descriptor, address, count);
  }

  /** Prologue of {@code read()} of the streams: returns a byte, or EOF. */
  public static long readByte(FileDescriptor descriptor) throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onReadByte(descriptor);
  }

  /** Prologue of {@code read(byte[])} of the streams: returns bytes, or EOF. */
  public static long readBytes(FileDescriptor descriptor, byte[] bytes) throws IOException {
    return DioHook.installed == null || bytes == null
        ? DioHook.NOT_MINE
        : readBytes(descriptor, bytes, 0, bytes.length);
  }

  /** Prologue of {@code read(byte[], int, int)} of the streams: returns bytes, or EOF. */
  public static long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null || !isWithin(bytes, offset, length)
        ? DioHook.NOT_MINE
        : hook.onReadBytes(descriptor, bytes, offset, length);
  }

  /** Prologue of {@code write(int)} of the streams: returns 0 if it is done. */
  public static long writeByte(FileDescriptor descriptor, int value) throws IOException {
    DioHook hook = DioHook.forWrite(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onWriteByte(descriptor, value);
  }

  /** Prologue of {@code write(byte[])} of the streams: returns 0 if all of it is done. */
  public static long writeBytes(FileDescriptor descriptor, byte[] bytes) throws IOException {
    // Null and an empty array are left to the JDK.
    return DioHook.installed == null || bytes == null
        ? DioHook.NOT_MINE
        : writeBytes(descriptor, bytes, 0, bytes.length);
  }

  /** Prologue of {@code write(byte[], int, int)} of the streams: returns 0 if all of it is done. */
  public static long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    DioHook hook = DioHook.forWrite(descriptor);
    return hook == null || !isWithin(bytes, offset, length)
        ? DioHook.NOT_MINE
        : hook.onWriteBytes(descriptor, bytes, offset, length);
  }

  /** Whether a range is valid and not empty; any other one is left to the JDK. */
  private static boolean isWithin(byte[] bytes, int offset, int length) {
    return bytes != null && offset >= 0 && length > 0 && length <= bytes.length - offset;
  }

  /**
   * Prologue of {@code SimpleAsynchronousFileChannelImpl.implWrite}. Writes that would end at once,
   * or be refused, are left to the JDK.
   *
   * @param handler null for a Future
   * @return the woven method's result: a Future, or null if there is a handler; or {@link
   *     DioHook#NOT_MINE_EITHER}
   */
  public static Object writeAsync(
      Object channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler) {
    if (DioHook.installed == null || source == null || position < 0 || !source.hasRemaining()) {
      return DioHook.NOT_MINE_EITHER;
    }
    AsynchronousFileChannelImpl own = (AsynchronousFileChannelImpl) channel;
    DioHook hook = DioHook.forWrite(own.fdObj); // An overflow would leave the lock below locked.
    if (hook == null) {
      return DioHook.NOT_MINE_EITHER;
    }
    // As the JDK's tasks do, so that close() comes before or after, but without waiting for it.
    if (!own.writing || !own.closeLock.readLock().tryLock()) {
      return DioHook.NOT_MINE_EITHER;
    }
    try {
      return own.closed
          ? DioHook.NOT_MINE_EITHER
          : hook.onWriteAsync(own.fdObj, own, source, position, attachment, handler);
    } finally {
      own.closeLock.readLock().unlock();
    }
  }

  /**
   * Prologue of methods that let the kernel copy from file to file.
   *
   * @return {@link DioHook#UNSUPPORTED_CASE}, with which the JDK goes on by a mapping and a write;
   *     or {@link DioHook#NOT_MINE}
   */
  public static long transfer(FileDescriptor from, FileDescriptor to) {
    DioHook hook = DioHook.forBoth();
    return hook == null ? DioHook.NOT_MINE : hook.onTransfer(from, to);
  }

  /** Prologue of {@code FileDispatcherImpl.force}: like fsync(2) or fdatasync(2). */
  public static long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    DioHook hook = DioHook.forLook(descriptor);
    return hook == null ? DioHook.NOT_MINE : hook.onForce(descriptor, metadata);
  }

  /** Prologue of {@code FileDescriptor.sync}, where it is not native: returns 0 if it is done. */
  public static long sync(FileDescriptor descriptor) throws SyncFailedException {
    DioHook hook = DioHook.forLook(descriptor);
    try {
      return hook == null ? DioHook.NOT_MINE : hook.onForce(descriptor, true);
    } catch (IOException e) {
      SyncFailedException failure = new SyncFailedException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }
}
