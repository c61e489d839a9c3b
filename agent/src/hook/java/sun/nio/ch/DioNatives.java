package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/** The JDK's native methods that are not hooked, and access to native memory, for the agent. */
public final class DioNatives {
  /** {@code struct iovec { void *iov_base; size_t iov_len; }} on the 64-bit ABIs. */
  private static final int IOVEC_BYTES = 16;

  private static final int IOVEC_LENGTH_OFFSET = 8;

  private static final JavaIOFileDescriptorAccess DESCRIPTORS =
      SharedSecrets.getJavaIOFileDescriptorAccess();

  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  /** All 256 byte values in native memory, each at the offset of its value. */
  private static final long ALL_BYTES = UNSAFE.allocateMemory(1 << Byte.SIZE);

  static {
    for (int value = 0; value < 1 << Byte.SIZE; value++) {
      UNSAFE.putByte(ALL_BYTES + value, (byte) value);
    }
  }

  /**
   * Limits the temporary buffer that a thread keeps for a stream; longer transfers take several
   * calls.
   */
  private static final int STREAM_BUFFER_BYTES = 1 << 20;

  private DioNatives() {}

  /** Returns the descriptor's number; -1 once it is closed. */
  public static int number(FileDescriptor descriptor) {
    return DESCRIPTORS.get(descriptor);
  }

  /** Returns the base address of an element of an array of {@code struct iovec}. */
  public static long iovecBase(long iovecs, int index) {
    return UNSAFE.getAddress(iovecs + (long) index * IOVEC_BYTES);
  }

  /** Returns the length in bytes of an element of an array of {@code struct iovec}. */
  public static long iovecLength(long iovecs, int index) {
    return UNSAFE.getLong(iovecs + (long) index * IOVEC_BYTES + IOVEC_LENGTH_OFFSET);
  }

  /**
   * Copies native memory to a buffer's position, which moves, as many bytes as remain.
   *
   * @throws InternalError if the memory is a mapping whose file was truncated; a copy by native
   *     code would be killed by SIGBUS
   */
  public static void copy(long address, ByteBuffer destination) {
    int length = destination.remaining();
    if (destination instanceof DirectBuffer direct) {
      UNSAFE.copyMemory(address, direct.address() + destination.position(), length);
      destination.position(destination.position() + length);
    } else {
      // The runtime's buffers are direct. Not copyMemory: the type of arrays' offsets changed from
      // int to long between JDK 17 and 25, and this class is compiled once for both.
      for (int i = 0; i < length; i++) {
        destination.put(UNSAFE.getByte(address + i));
      }
    }
  }

  /**
   * Copies a buffer's remaining bytes to native memory; its position moves.
   *
   * @throws InternalError if the memory is a mapping whose file was truncated
   */
  public static void copyOut(ByteBuffer source, long address) {
    int length = source.remaining();
    if (source instanceof DirectBuffer direct) {
      UNSAFE.copyMemory(direct.address() + source.position(), address, length);
      source.position(source.position() + length);
    } else {
      for (int i = 0; i < length; i++) { // As in copy.
        UNSAFE.putByte(address + i, source.get());
      }
    }
  }

  /** The JDK's own write(2), not hooked. */
  public static int originalWrite(FileDescriptor descriptor, long address, int length)
      throws IOException {
    return FileDispatcherImpl.write0(descriptor, address, length);
  }

  /** The JDK's own pwrite(2), not hooked. */
  public static int originalWriteAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException {
    return FileDispatcherImpl.pwrite0(descriptor, address, length, position);
  }

  /** The JDK's own writev(2), not hooked. */
  public static long originalGather(FileDescriptor descriptor, long address, int count)
      throws IOException {
    return FileDispatcherImpl.writev0(descriptor, address, count);
  }

  /**
   * Writes all of a range of an array, as the streams do, by the JDK's own write(2), not hooked.
   *
   * @throws IOException if it ended before
   */
  public static void originalWriteBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException {
    int size = Math.min(length, STREAM_BUFFER_BYTES);
    ByteBuffer buffer = Util.getTemporaryDirectBuffer(size);
    try {
      long address = ((DirectBuffer) buffer).address();
      for (int done = 0; done < length; ) {
        int part = Math.min(size, length - done);
        buffer.clear().put(bytes, offset + done, part);
        int written = FileDispatcherImpl.write0(descriptor, address, part);
        done += written == IOStatus.INTERRUPTED ? 0 : written;
      }
    } finally {
      Util.releaseTemporaryDirectBuffer(buffer);
    }
  }

  /** Writes one byte as the streams do, by the JDK's own write(2), not hooked. */
  public static void originalWriteByte(FileDescriptor descriptor, int value) throws IOException {
    int written = IOStatus.INTERRUPTED;
    while (written == IOStatus.INTERRUPTED) {
      written = FileDispatcherImpl.write0(descriptor, ALL_BYTES + (value & 0xff), 1);
    }
  }

  /** The JDK's own read(2), not hooked. */
  public static int originalRead(FileDescriptor descriptor, long address, int length)
      throws IOException {
    return FileDispatcherImpl.read0(descriptor, address, length);
  }

  /** The JDK's own pread(2), not hooked. */
  public static int originalReadAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException {
    return FileDispatcherImpl.pread0(descriptor, address, length, position);
  }

  /** The JDK's own readv(2), not hooked. */
  public static long originalScatter(FileDescriptor descriptor, long address, int count)
      throws IOException {
    return FileDispatcherImpl.readv0(descriptor, address, count);
  }

  /**
   * Reads into a range of an array, as the streams do, by the JDK's own read(2), not hooked.
   *
   * @return bytes, fewer than asked for where read(2) gives fewer; or {@link #EOF}
   */
  public static int originalReadBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException {
    int size = Math.min(length, STREAM_BUFFER_BYTES);
    ByteBuffer buffer = Util.getTemporaryDirectBuffer(size);
    try {
      int read = IOStatus.INTERRUPTED;
      while (read == IOStatus.INTERRUPTED) {
        read = FileDispatcherImpl.read0(descriptor, ((DirectBuffer) buffer).address(), size);
      }
      if (read > 0) {
        buffer.get(0, bytes, offset, read);
      }
      return read;
    } finally {
      Util.releaseTemporaryDirectBuffer(buffer);
    }
  }

  /** The JDK's own fsync(2) or fdatasync(2), not hooked. */
  public static int originalForce(FileDescriptor descriptor, boolean metadata) throws IOException {
    return FileDispatcherImpl.force0(descriptor, metadata);
  }
}
