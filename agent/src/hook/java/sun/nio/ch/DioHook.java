package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.ExecutorService;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.DontInline;

/**
 * The only class that dio-agent puts into java.base: what the woven methods of the JDK call, and
 * what the agent needs from inside this package.
 *
 * <p>It is defined once per JVM and stays, even after the agent is gone; {@link #ABI} names its
 * shape. It refers to no class of the agent, so that nothing of the agent becomes visible to
 * applications.
 *
 * <p>The static methods are called by any thread. Each reads {@code installed} once: while no agent
 * is installed they cost one volatile read and a branch.
 */
public abstract class DioHook implements Runnable {
  /** Changes whenever a member of this class changes its meaning. */
  public static final int ABI = 6;

  /** Answered by a hook that leaves the operation to the JDK. No byte count, no IOStatus. */
  public static final long NOT_MINE = Long.MIN_VALUE;

  /** Told as the result of what ended with an exception. */
  public static final long FAILED = Long.MIN_VALUE;

  /** Answered by a hook that leaves an operation to the JDK whose result is an object. */
  public static final Object NOT_MINE_EITHER = new Object();

  /** {@code struct iovec { void *iov_base; size_t iov_len; }} on the 64-bit ABIs. */
  private static final int IOVEC_BYTES = 16;

  private static final int IOVEC_LENGTH_OFFSET = 8;

  private static final JavaIOFileDescriptorAccess DESCRIPTORS =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  /** Each byte there is, in native memory, at its own value. */
  private static final long ALL_BYTES = UNSAFE.allocateMemory(1 << Byte.SIZE);

  static {
    for (int value = 0; value < 1 << Byte.SIZE; value++) {
      UNSAFE.putByte(ALL_BYTES + value, (byte) value);
    }
  }

  /** What the JDK's dispatchers answer if the kernel cannot transfer between two descriptors. */
  public static final long UNSUPPORTED_CASE = IOStatus.UNSUPPORTED_CASE;

  /** What the JDK's dispatchers, and its streams, answer at the end of a file. */
  public static final long EOF = IOStatus.EOF;

  /** The last one that the JVM runs, and one that the JDK does not use. */
  private static final int SHUTDOWN_SLOT = 9;

  /** The largest temporary buffer that a thread keeps for a stream. */
  private static final int STREAM_BUFFER_BYTES = 1 << 20;

  /**
   * Of 1 KB and more: twice what was measured as the most that a first operation takes, in the
   * interpreter, with its classes being loaded.
   */
  private static final int FRAMES = 48;

  /** The same, of what it takes to hand something over to another thread, and to wait for it. */
  private static final int FEW_FRAMES = 3;

  private static volatile DioHook installed;

  /** Guarded by the class. */
  private static boolean exitSeen;

  /** For the agent's implementation, of which there is one. */
  protected DioHook() {}

  /** The hook for a caller that may have fewer rights than the hook needs. Null for none. */
  private static DioHook current() {
    return withRights(installed);
  }

  @SuppressWarnings("removal")
  private static DioHook withRights(DioHook hook) {
    return hook == null || System.getSecurityManager() == null ? hook : hook.privileged();
  }

  /** {@link #current} for a write to a descriptor's file, with the stack for it. */
  private static DioHook forWrite(FileDescriptor descriptor) {
    DioHook hook = installed;
    if (hook != null && hook.isReachedByWrite(descriptor)) {
      requireStack();
    }
    return withRights(hook);
  }

  /** The same, for a read, a force, or a look at the file. */
  private static DioHook forLook(FileDescriptor descriptor) {
    DioHook hook = installed;
    if (hook != null && hook.isReachedByLook(descriptor)) {
      requireStack();
    }
    return withRights(hook);
  }

  /** The same, for what begins something that an epilogue ends, in the same frame. */
  private static DioHook forBoth() {
    DioHook hook = installed;
    if (hook != null && hook.isTagging()) {
      requireStack();
    }
    return withRights(hook);
  }

  // ---- the stack ----

  /**
   * Throws the application's own StackOverflowError if this thread has less stack left than the
   * agent and its runtime need: before anything is acquired, and with nothing done. Further down an
   * overflow would leave locks locked for ever.
   */
  public static void requireStack() {
    if (descend(FRAMES, FRAMES) == 0) {
      throw new IllegalStateException("a sum of positive numbers is 0");
    }
  }

  /** Whether {@link #requireStack} returns. */
  public static boolean hasStack() {
    return hasStack(FRAMES);
  }

  /** Whether enough is left to have another thread do something, and to wait for that. */
  private static boolean hasLittleStack() {
    return hasStack(FEW_FRAMES);
  }

  private static boolean hasStack(int frames) {
    try {
      return descend(frames, frames) != 0;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  /**
   * Takes 1 to 1.5 KB of stack per level: in the interpreter for 60 variables of two slots each,
   * compiled for as many that live across a call and are its arguments. Frames are as large on each
   * level, but only the last one executes what makes them so.
   */
  @DontInline
  private static long descend(int levels, long seed) {
    if (levels > 0) {
      return descend(levels - 1, seed) + levels;
    }
    long a1 = seed + 1;
    long a2 = seed + 2;
    long a3 = seed + 3;
    long a4 = seed + 4;
    long a5 = seed + 5;
    long a6 = seed + 6;
    long a7 = seed + 7;
    long a8 = seed + 8;
    long a9 = seed + 9;
    long a10 = seed + 10;
    long a11 = seed + 11;
    long a12 = seed + 12;
    long a13 = seed + 13;
    long a14 = seed + 14;
    long a15 = seed + 15;
    long a16 = seed + 16;
    long a17 = seed + 17;
    long a18 = seed + 18;
    long a19 = seed + 19;
    long a20 = seed + 20;
    long a21 = seed + 21;
    long a22 = seed + 22;
    long a23 = seed + 23;
    long a24 = seed + 24;
    long a25 = seed + 25;
    long a26 = seed + 26;
    long a27 = seed + 27;
    long a28 = seed + 28;
    long a29 = seed + 29;
    long a30 = seed + 30;
    long a31 = seed + 31;
    long a32 = seed + 32;
    long a33 = seed + 33;
    long a34 = seed + 34;
    long a35 = seed + 35;
    long a36 = seed + 36;
    long a37 = seed + 37;
    long a38 = seed + 38;
    long a39 = seed + 39;
    long a40 = seed + 40;
    long a41 = seed + 41;
    long a42 = seed + 42;
    long a43 = seed + 43;
    long a44 = seed + 44;
    long a45 = seed + 45;
    long a46 = seed + 46;
    long a47 = seed + 47;
    long a48 = seed + 48;
    long a49 = seed + 49;
    long a50 = seed + 50;
    long a51 = seed + 51;
    long a52 = seed + 52;
    long a53 = seed + 53;
    long a54 = seed + 54;
    long a55 = seed + 55;
    long a56 = seed + 56;
    long a57 = seed + 57;
    long a58 = seed + 58;
    long a59 = seed + 59;
    long a60 = seed + 60;
    long bottom =
        bottom(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
            a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36,
            a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53,
            a54, a55, a56, a57, a58, a59, a60);
    return bottom + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15
        + a16 + a17 + a18 + a19 + a20 + a21 + a22 + a23 + a24 + a25 + a26 + a27 + a28 + a29 + a30
        + a31 + a32 + a33 + a34 + a35 + a36 + a37 + a38 + a39 + a40 + a41 + a42 + a43 + a44 + a45
        + a46 + a47 + a48 + a49 + a50 + a51 + a52 + a53 + a54 + a55 + a56 + a57 + a58 + a59 + a60;
  }

  @DontInline
  private static long bottom(
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      long a8,
      long a9,
      long a10,
      long a11,
      long a12,
      long a13,
      long a14,
      long a15,
      long a16,
      long a17,
      long a18,
      long a19,
      long a20,
      long a21,
      long a22,
      long a23,
      long a24,
      long a25,
      long a26,
      long a27,
      long a28,
      long a29,
      long a30,
      long a31,
      long a32,
      long a33,
      long a34,
      long a35,
      long a36,
      long a37,
      long a38,
      long a39,
      long a40,
      long a41,
      long a42,
      long a43,
      long a44,
      long a45,
      long a46,
      long a47,
      long a48,
      long a49,
      long a50,
      long a51,
      long a52,
      long a53,
      long a54,
      long a55,
      long a56,
      long a57,
      long a58,
      long a59,
      long a60) {
    return a1 ^ a60;
  }

  // ---- called by woven code ----

  /** Prologue of {@code FileDispatcherImpl.write}: like write(2). */
  public static long write(FileDescriptor descriptor, long address, int length) throws IOException {
    DioHook hook = forWrite(descriptor);
    return hook == null ? NOT_MINE : hook.onWrite(descriptor, address, length);
  }

  /** Prologue of {@code FileDispatcherImpl.pwrite}: like pwrite(2). */
  public static long pwrite(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    DioHook hook = forWrite(descriptor);
    return hook == null ? NOT_MINE : hook.onWriteAt(descriptor, address, length, position);
  }

  /** Prologue of {@code FileDispatcherImpl.writev}: like writev(2). */
  public static long writev(FileDescriptor descriptor, long address, int count) throws IOException {
    DioHook hook = forWrite(descriptor);
    return hook == null ? NOT_MINE : hook.onGather(descriptor, address, count);
  }

  /** Prologue of {@code FileDispatcherImpl.read}: like read(2), but EOF at the end. */
  public static long read(FileDescriptor descriptor, long address, int length) throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null ? NOT_MINE : hook.onRead(descriptor, address, length);
  }

  /** Prologue of {@code FileDispatcherImpl.pread}: like pread(2), but EOF at the end. */
  public static long pread(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null ? NOT_MINE : hook.onReadAt(descriptor, address, length, position);
  }

  /** Prologue of {@code FileDispatcherImpl.readv}: like readv(2), but EOF at the end. */
  public static long readv(FileDescriptor descriptor, long address, int count) throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null ? NOT_MINE : hook.onScatter(descriptor, address, count);
  }

  /** Prologue of {@code read()} of the streams: answers a byte, or EOF. */
  public static long readByte(FileDescriptor descriptor) throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null ? NOT_MINE : hook.onReadByte(descriptor);
  }

  /** Prologue of {@code read(byte[])} of the streams: answers bytes, or EOF. */
  public static long readBytes(FileDescriptor descriptor, byte[] bytes) throws IOException {
    return installed == null || bytes == null
        ? NOT_MINE
        : readBytes(descriptor, bytes, 0, bytes.length);
  }

  /** Prologue of {@code read(byte[], int, int)} of the streams: answers bytes, or EOF. */
  public static long readBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null || !isWithin(bytes, offset, length)
        ? NOT_MINE
        : hook.onReadBytes(descriptor, bytes, offset, length);
  }

  /** Prologue of what looks at a file's size or its bytes in other ways. */
  public static void touching(FileDescriptor descriptor) {
    DioHook hook = forLook(descriptor);
    if (hook != null) {
      hook.onTouching(descriptor);
    }
  }

  /** The same, of what has the epilogue {@link #changed} or {@link #mapped}. */
  public static void entering(FileDescriptor descriptor) {
    DioHook hook = forBoth();
    if (hook != null) {
      hook.onTouching(descriptor);
    }
  }

  /**
   * Prologue of {@code FileDispatcherImpl.lock}: as {@link #touching}, and until {@link #locked}.
   */
  public static void locking(FileDescriptor descriptor) {
    DioHook hook = forBoth();
    if (hook != null) {
      hook.onLocking(descriptor);
    }
  }

  /**
   * The end of what {@link #locking} began.
   *
   * @param result as the JDK's method, or {@link #FAILED}
   */
  public static void locked(long result) {
    DioHook hook = current();
    if (hook != null) {
      hook.onLocked();
    }
  }

  /** Epilogue of what changes a file's size. */
  public static void changed(FileDescriptor descriptor) {
    DioHook hook = current();
    if (hook != null) {
      hook.onChanged(descriptor);
    }
  }

  /**
   * Prologue of what changes a file's times, owner or rights by its path, or opens it, which may be
   * for that.
   *
   * @param path as that of {@link #path}
   */
  public static void changing(Object path) {
    DioHook hook = current();
    if (hook != null) {
      hook.onChanging(path);
    }
  }

  /** The same, of a file that is not known by its path. */
  public static void changing() {
    changing(null);
  }

  /**
   * Prologue of what opens a file by its path, asks for its size or times, or names it anew.
   *
   * @param path its toString() is the path, or it is a byte[] relative to an open directory
   */
  public static void path(Object path) {
    DioHook hook = current();
    if (hook != null) {
      hook.onPath(path);
    }
  }

  /** The same, of an opening that has the epilogue {@link #unguarded}. */
  public static void opening(Object path) {
    DioHook hook = forBoth();
    if (hook != null) {
      hook.onPath(path);
    }
  }

  /** Prologue of {@code ProcessBuilder.start}: the new process may look at any file. */
  public static void forking() {
    DioHook hook = current();
    if (hook != null) {
      hook.onForking();
    }
  }

  /** Epilogue of {@code FileChannelImpl.mapInternal}. */
  public static void mapped(Object unmapper, FileDescriptor descriptor) {
    DioHook hook = current();
    if (hook != null && unmapper != null) {
      hook.onMapped(unmapper, descriptor);
    }
  }

  /** Prologue of {@code FileChannelImpl.Unmapper.unmap}. */
  public static void unmapping(Object unmapper) {
    DioHook hook = installed;
    if (hook == null || !hook.isTagging()) {
      return;
    }
    if (hasStack()) {
      withRights(hook).onUnmapping(unmapper);
    } else if (hasLittleStack()) {
      hook.onUnmappingDeep(unmapper);
    } else {
      requireStack(); // Throws.
    }
  }

  /**
   * A descriptor is open, or shown to the application, on which it has native methods that ask for
   * the file's size, change it, or force it.
   */
  public static void unguarded(FileDescriptor descriptor) {
    DioHook hook = forBoth();
    if (hook != null) {
      hook.onUnguarded(descriptor);
    }
  }

  /** Prologue of {@code FileDescriptor.sync}, where it is not native: answers 0 if it is done. */
  public static long sync(FileDescriptor descriptor) throws SyncFailedException {
    DioHook hook = forLook(descriptor);
    try {
      return hook == null ? NOT_MINE : hook.onForce(descriptor, true);
    } catch (IOException e) {
      SyncFailedException failure = new SyncFailedException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** Epilogue of {@code FileDescriptor.close}: throws what a write that had returned came to. */
  public static void closed(FileDescriptor descriptor) throws IOException {
    DioHook hook = current();
    if (hook != null) {
      try {
        hook.onClosed(descriptor);
      } catch (StackOverflowError e) {
        // Not of a file that has something to throw: its prologue found enough stack, or threw.
        return;
      }
    }
  }

  /** Prologue of {@code FileDispatcherImpl.force}: like fsync(2) or fdatasync(2). */
  public static long force(FileDescriptor descriptor, boolean metadata) throws IOException {
    DioHook hook = forLook(descriptor);
    return hook == null ? NOT_MINE : hook.onForce(descriptor, metadata);
  }

  /** Prologue of {@code write(int)} of the streams: answers 0 if it is done. */
  public static long writeByte(FileDescriptor descriptor, int value) throws IOException {
    DioHook hook = forWrite(descriptor);
    return hook == null ? NOT_MINE : hook.onWriteByte(descriptor, value);
  }

  /** Prologue of {@code write(byte[])} of the streams: answers 0 if all of it is done. */
  public static long writeBytes(FileDescriptor descriptor, byte[] bytes) throws IOException {
    // Null and nothing are the JDK's.
    return installed == null || bytes == null
        ? NOT_MINE
        : writeBytes(descriptor, bytes, 0, bytes.length);
  }

  /** Prologue of {@code write(byte[], int, int)} of the streams: answers 0 if all of it is done. */
  public static long writeBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    DioHook hook = forWrite(descriptor);
    return hook == null || !isWithin(bytes, offset, length)
        ? NOT_MINE
        : hook.onWriteBytes(descriptor, bytes, offset, length);
  }

  /** What is not, or is empty, is the JDK's to check and to answer. */
  private static boolean isWithin(byte[] bytes, int offset, int length) {
    return bytes != null && offset >= 0 && length > 0 && length <= bytes.length - offset;
  }

  /**
   * Prologue of what lets the kernel copy from file to file.
   *
   * @return {@link #UNSUPPORTED_CASE}, with which the JDK goes on by a mapping and a write; or
   *     {@link #NOT_MINE}
   */
  public static long transfer(FileDescriptor from, FileDescriptor to) {
    DioHook hook = forBoth();
    return hook == null ? NOT_MINE : hook.onTransfer(from, to);
  }

  /**
   * Before {@code Files.copy} lets the kernel copy from file to file, which then finds nothing left
   * if the hook has done it.
   *
   * @param to and from are numbers of descriptors, at the offsets to copy at
   */
  public static void copying(int to, int from) throws IOException {
    DioHook hook = forBoth();
    if (hook != null) {
      hook.onCopying(to, from);
    }
  }

  /**
   * The end of what {@link #transfer} was asked about, and left to the JDK.
   *
   * @param result bytes, an IOStatus, or {@link #FAILED}
   */
  public static void transferred(long result) {
    DioHook hook = current();
    if (hook != null) {
      hook.onTransferred(result);
    }
  }

  /**
   * The end of a {@code Files.copy}.
   *
   * @param result 0, or {@link #FAILED}
   */
  public static void copied(long result) {
    DioHook hook = current();
    if (hook != null) {
      hook.onCopied(result);
    }
  }

  /**
   * Prologue of {@code SimpleAsynchronousFileChannelImpl.implWrite}. What would end at once, or be
   * refused, is left to the JDK.
   *
   * @param handler null for a Future
   * @return what that is to return: a Future, or null if there is a handler; or {@link
   *     #NOT_MINE_EITHER}
   */
  public static Object writeAsync(
      Object channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler) {
    if (installed == null || source == null || position < 0 || !source.hasRemaining()) {
      return NOT_MINE_EITHER;
    }
    AsynchronousFileChannelImpl own = (AsynchronousFileChannelImpl) channel;
    DioHook hook = forWrite(own.fdObj); // An overflow would leave the lock below locked.
    if (hook == null) {
      return NOT_MINE_EITHER;
    }
    // As the JDK's tasks do, so that close() comes before or after; but without waiting for it.
    if (!own.writing || !own.closeLock.readLock().tryLock()) {
      return NOT_MINE_EITHER;
    }
    try {
      return own.closed
          ? NOT_MINE_EITHER
          : hook.onWriteAsync(own.fdObj, own, source, position, attachment, handler);
    } finally {
      own.closeLock.readLock().unlock();
    }
  }

  /** Prologue of the static {@code open} of both file channel classes. */
  public static void opened(FileDescriptor descriptor, boolean writable) {
    DioHook hook = installed;
    // Without the stack it is decided at the first write: an error here would leave it open.
    if (hook != null && writable && (!hook.isReachedByWrite(descriptor) || hasStack())) {
      withRights(hook).onOpened(descriptor);
    }
  }

  /**
   * Prologue of {@code FileDescriptor.close}: the number is still open. At the stack's end another
   * thread does the agent's part and this one waits for it, as all of it has to come before the
   * JDK's close(2), and the close has to go on.
   */
  public static void closing(FileDescriptor descriptor) {
    DioHook hook = installed;
    if (hook == null) {
      return;
    }
    if (!hook.isReachedByClose(descriptor)) {
      try {
        withRights(hook).onClosing(descriptor);
      } catch (StackOverflowError e) {
        return; // What stays is an entry of another descriptor object, which counts for nothing.
      }
    } else if (hasStack()) {
      withRights(hook).onClosing(descriptor);
    } else if (hasLittleStack()) {
      hook.onClosingDeep(descriptor);
    } else {
      requireStack(); // Throws. The descriptor stays open, for the application and for the agent.
    }
  }

  /**
   * Prologue of {@code FileCleanable.performCleanup}: a descriptor that became unreachable without
   * having been closed. The number is still open.
   */
  public static void cleaning(int number) {
    DioHook hook = current();
    if (hook != null) {
      hook.onCleaning(number);
    }
  }

  // ---- implemented by the agent; the methods above say when they are called ----

  /** The same hook for calls under a security manager: with its own rights, not its caller's. */
  protected abstract DioHook privileged();

  // Asked before anything is begun, also at the stack's end: each reads fields only, and throws
  // nothing but StackOverflowError. Without the hook's own rights.

  /** Whether anything on any file may be more than the JDK's. */
  protected abstract boolean isTagging();

  /** Whether a write to a descriptor's file may be. */
  protected abstract boolean isReachedByWrite(FileDescriptor descriptor);

  /** Whether a read, a force or a look at a descriptor's file may be. */
  protected abstract boolean isReachedByLook(FileDescriptor descriptor);

  /** Whether closing a descriptor may be. */
  protected abstract boolean isReachedByClose(FileDescriptor descriptor);

  /** As {@link #onClosing}, with little stack; returns when it is done. */
  protected abstract void onClosingDeep(FileDescriptor descriptor);

  /** As {@link #onUnmapping}, with little stack; may return before it is done. */
  protected abstract void onUnmappingDeep(Object unmapper);

  /** Answers bytes written or {@link #NOT_MINE}. */
  protected abstract long onWrite(FileDescriptor descriptor, long address, int length)
      throws IOException;

  /** Answers bytes written or {@link #NOT_MINE}. */
  protected abstract long onWriteAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException;

  /** Answers bytes written or {@link #NOT_MINE}. */
  protected abstract long onGather(FileDescriptor descriptor, long address, int count)
      throws IOException;

  /** Answers 0 or {@link #NOT_MINE}. */
  protected abstract long onWriteByte(FileDescriptor descriptor, int value) throws IOException;

  /** The range is within the array, and not empty. Answers 0 or {@link #NOT_MINE}. */
  protected abstract long onWriteBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException;

  /** Answers bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onRead(FileDescriptor descriptor, long address, int length)
      throws IOException;

  /** Answers bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onReadAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException;

  /** Answers bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onScatter(FileDescriptor descriptor, long address, int count)
      throws IOException;

  /** Answers a byte, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onReadByte(FileDescriptor descriptor) throws IOException;

  /** The range is within the array, and not empty. Answers bytes, {@link #EOF} or NOT_MINE. */
  protected abstract long onReadBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException;

  /** Never throws. */
  protected abstract void onTouching(FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onLocking(FileDescriptor descriptor);

  /** By the thread that called {@link #onLocking}; never throws. */
  protected abstract void onLocked();

  /** Never throws. */
  protected abstract void onChanged(FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onPath(Object path);

  /** Null for any file. Never throws. */
  protected abstract void onChanging(Object path);

  /** Never throws. */
  protected abstract void onForking();

  /** Never throws. */
  protected abstract void onMapped(Object unmapper, FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onUnmapping(Object unmapper);

  /** Never throws. */
  protected abstract void onUnguarded(FileDescriptor descriptor);

  /** Throws what is left to be told of the file. */
  protected abstract void onClosed(FileDescriptor descriptor) throws IOException;

  /** The JVM ends, after all that applications do then. */
  protected abstract void onExit();

  /** Answers {@link #UNSUPPORTED_CASE} or {@link #NOT_MINE}; never throws. */
  protected abstract long onTransfer(FileDescriptor from, FileDescriptor to);

  /** May have copied all there is. */
  protected abstract void onCopying(int to, int from) throws IOException;

  /** By the thread that called {@link #onTransfer}; never throws. */
  protected abstract void onTransferred(long result);

  /** By the thread that called {@link #onCopying}, if it got so far; never throws. */
  protected abstract void onCopied(long result);

  /** Answers as {@link #writeAsync}; never throws. */
  protected abstract Object onWriteAsync(
      FileDescriptor descriptor,
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler);

  /** Answers 0 or {@link #NOT_MINE}. */
  protected abstract long onForce(FileDescriptor descriptor, boolean metadata) throws IOException;

  /** Never throws. */
  protected abstract void onOpened(FileDescriptor descriptor);

  /** Never throws: the descriptor would stay open. */
  protected abstract void onClosing(FileDescriptor descriptor);

  /** Never throws: the descriptor would stay open. */
  protected abstract void onCleaning(int number);

  // ---- called by the agent ----

  /**
   * Installs the agent's implementation, or removes it.
   *
   * @param hook null to remove
   * @return false if one was to be installed and another one is there already
   */
  public static synchronized boolean install(DioHook hook) {
    if (hook != null && installed != null) {
      return false;
    }
    installed = hook;
    if (hook != null && !exitSeen) {
      // Not by Runtime.addShutdownHook: applications still write in theirs.
      SharedSecrets.getJavaLangAccess().registerShutdownHook(SHUTDOWN_SLOT, false, hook);
      exitSeen = true;
    }
    return true;
  }

  /** Run by the JVM as it ends; on the first implementation, for whichever is there then. */
  @Override
  public final void run() {
    DioHook hook = current();
    if (hook != null) {
      hook.onExit();
    }
  }

  /** Whether an agent's implementation is installed. */
  public static boolean isInstalled() {
    return installed != null;
  }

  /** Where a channel's handlers are called. */
  public static ExecutorService executor(AsynchronousFileChannel channel) {
    return ((AsynchronousFileChannelImpl) channel).executor();
  }

  /**
   * Where the handlers of channels are called that were opened without an executor.
   *
   * @throws IllegalStateException if this JDK keeps it elsewhere
   */
  public static ExecutorService defaultExecutor() {
    try {
      // A private member class to javac, but not to the JVM.
      return (ExecutorService)
          Class.forName("sun.nio.ch.SimpleAsynchronousFileChannelImpl$DefaultExecutorHolder")
              .getDeclaredField("defaultExecutor")
              .get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JDK's own Future of a write. Cancelling it may close the channel. */
  public static Object newFuture(AsynchronousFileChannel channel) {
    return new PendingFuture<Integer, Object>(channel);
  }

  /** Ends one of {@link #newFuture}, unless it is cancelled. Does not block. */
  @SuppressWarnings("unchecked")
  public static void end(Object future, int bytes, Throwable failure) {
    ((PendingFuture<Integer, ?>) future).setResult(bytes, failure);
  }

  /** Calls a handler as the JDK does. */
  public static void call(
      CompletionHandler<Integer, Object> handler, Object attachment, int bytes, Throwable failure) {
    Invoker.invokeUnchecked(handler, attachment, bytes, failure);
  }

  /** The descriptor's number, -1 once it is closed. */
  public static int number(FileDescriptor descriptor) {
    return DESCRIPTORS.get(descriptor);
  }

  /** Base address of an element of an array of {@code struct iovec}. */
  public static long iovecBase(long iovecs, int index) {
    return UNSAFE.getAddress(iovecs + (long) index * IOVEC_BYTES);
  }

  /** Length in bytes of an element of an array of {@code struct iovec}. */
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
