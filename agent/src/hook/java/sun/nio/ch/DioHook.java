package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import jdk.internal.access.SharedSecrets;

/**
 * The agent's implementation behind the classes that dio-agent defines in java.base: this one,
 * {@link DioCalls}, {@link DioNotices}, {@link DioStack}, {@link DioNatives} and {@link DioAsync}.
 *
 * <p>They are defined once per JVM and stay, even after the agent is gone; {@link #ABI} identifies
 * their shape. They refer to no class of the agent, so that nothing of the agent becomes visible to
 * applications.
 *
 * <p>The static methods are called by any thread. Each call of woven code reads {@code installed}
 * once: while no agent is installed it costs one volatile read and a branch.
 */
public abstract class DioHook implements Runnable {
  /** Changes whenever a member of these classes changes its meaning. */
  public static final int ABI = 8;

  /** Returned by a hook that leaves the operation to the JDK. Is no byte count and no IOStatus. */
  public static final long NOT_MINE = Long.MIN_VALUE;

  /** Passed as the result of an operation that ended with an exception. */
  public static final long FAILED = Long.MIN_VALUE;

  /** Returned by a hook that leaves an operation with an object as its result to the JDK. */
  public static final Object NOT_MINE_EITHER = new Object();

  /** Returned by the JDK's dispatchers if the kernel cannot transfer between two descriptors. */
  public static final long UNSUPPORTED_CASE = IOStatus.UNSUPPORTED_CASE;

  /** Returned by the JDK's dispatchers and streams at the end of a file. */
  public static final long EOF = IOStatus.EOF;

  /** The last slot that the JVM runs, which the JDK does not use. */
  private static final int SHUTDOWN_SLOT = 9;

  /** Null while no agent is installed. */
  static volatile DioHook installed;

  /** Guarded by the class. */
  private static boolean exitSeen;

  /** Called by the agent's implementation, of which there is one. */
  protected DioHook() {}

  /**
   * Returns the hook for a caller that may have fewer rights than the hook needs; null for none.
   */
  static DioHook current() {
    return withRights(installed);
  }

  @SuppressWarnings("removal")
  static DioHook withRights(DioHook hook) {
    return hook == null || System.getSecurityManager() == null ? hook : hook.privileged();
  }

  /**
   * As {@link #current}, before a write to a descriptor's file. Throws if the stack is too short
   * for it.
   */
  static DioHook forWrite(FileDescriptor descriptor) {
    DioHook hook = withRights(installed);
    if (hook != null && hook.isReachedByWrite(descriptor)) {
      if (hook.needsLittleStack(descriptor)) {
        DioStack.requireLittleStack();
      } else {
        DioStack.requireStack();
      }
    }
    return hook;
  }

  /** As {@link #forWrite}, before a read, a force, or another look at the file. */
  static DioHook forLook(FileDescriptor descriptor) {
    DioHook hook = installed;
    if (hook != null && hook.isReachedByLook(descriptor)) {
      DioStack.requireStack();
    }
    return withRights(hook);
  }

  /** As {@link #forWrite}, before a method with an epilogue, which runs in the same frame. */
  static DioHook forBoth() {
    DioHook hook = installed;
    if (hook != null && hook.isTagging()) {
      DioStack.requireStack();
    }
    return withRights(hook);
  }

  // ---- implemented by the agent; DioCalls and DioNotices say when they are called ----

  /**
   * Returns the same hook for calls under a security manager: with its own rights, not its
   * caller's.
   */
  protected abstract DioHook privileged();

  // Called before anything is begun, also at the stack's end: each only reads fields, and throws
  // nothing but StackOverflowError. Called without the hook's own rights.

  /** Whether the hook may act on any operation on any file. */
  protected abstract boolean isTagging();

  /** Whether the hook may act on a write to a descriptor's file. */
  protected abstract boolean isReachedByWrite(FileDescriptor descriptor);

  /** Whether a write to a descriptor's file needs little stack, or requires more itself. */
  protected abstract boolean needsLittleStack(FileDescriptor descriptor);

  /** Whether the hook may act on a read, a force or another look at a descriptor's file. */
  protected abstract boolean isReachedByLook(FileDescriptor descriptor);

  /** Whether the hook may act on closing a descriptor. */
  protected abstract boolean isReachedByClose(FileDescriptor descriptor);

  /** As {@link #onClosing}, with little stack; returns when it is done. */
  protected abstract void onClosingDeep(FileDescriptor descriptor);

  /** As {@link #onUnmapping}, with little stack; may return before it is done. */
  protected abstract void onUnmappingDeep(Object unmapper);

  /** Returns bytes written or {@link #NOT_MINE}. */
  protected abstract long onWrite(FileDescriptor descriptor, long address, int length)
      throws IOException;

  /** Returns bytes written or {@link #NOT_MINE}. */
  protected abstract long onWriteAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException;

  /** Returns bytes written or {@link #NOT_MINE}. */
  protected abstract long onGather(FileDescriptor descriptor, long address, int count)
      throws IOException;

  /** Returns 0 or {@link #NOT_MINE}. */
  protected abstract long onWriteByte(FileDescriptor descriptor, int value) throws IOException;

  /** The range is within the array, and not empty. Returns 0 or {@link #NOT_MINE}. */
  protected abstract long onWriteBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException;

  /** Returns bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onRead(FileDescriptor descriptor, long address, int length)
      throws IOException;

  /** Returns bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onReadAt(
      FileDescriptor descriptor, long address, int length, long position) throws IOException;

  /** Returns bytes read, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onScatter(FileDescriptor descriptor, long address, int count)
      throws IOException;

  /** Returns a byte, {@link #EOF} or {@link #NOT_MINE}. */
  protected abstract long onReadByte(FileDescriptor descriptor) throws IOException;

  /** The range is within the array, and not empty. Returns bytes, {@link #EOF} or NOT_MINE. */
  protected abstract long onReadBytes(
      FileDescriptor descriptor, byte[] bytes, int offset, int length) throws IOException;

  /** Never throws. */
  protected abstract void onTouching(FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onLocking(FileDescriptor descriptor);

  /** Called by the thread that called {@link #onLocking}; never throws. */
  protected abstract void onLocked();

  /** Never throws. */
  protected abstract void onChanged(FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onPath(Object path);

  /** Takes null for any file. Never throws. */
  protected abstract void onChanging(Object path);

  /** Never throws. */
  protected abstract void onForking();

  /** Never throws. */
  protected abstract void onMapped(Object unmapper, FileDescriptor descriptor);

  /** Never throws. */
  protected abstract void onUnmapping(Object unmapper);

  /** Never throws. */
  protected abstract void onUnguarded(FileDescriptor descriptor);

  /** Throws a failure of the file's close, or of writes that had returned. */
  protected abstract void onClosed(FileDescriptor descriptor) throws IOException;

  /** Called when the JVM ends, after the applications' shutdown hooks. */
  protected abstract void onExit();

  /** Returns {@link #UNSUPPORTED_CASE} or {@link #NOT_MINE}; never throws. */
  protected abstract long onTransfer(FileDescriptor from, FileDescriptor to);

  /** May copy all that is left to copy. */
  protected abstract void onCopying(int to, int from) throws IOException;

  /** Called by the thread that called {@link #onTransfer}; never throws. */
  protected abstract void onTransferred(long result);

  /**
   * Called by the thread that called {@link #onCopying}, or that did not get so far; never throws.
   */
  protected abstract void onCopied(long result);

  /** Returns as {@link DioCalls#writeAsync}; never throws. */
  protected abstract Object onWriteAsync(
      FileDescriptor descriptor,
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler);

  /** Returns 0 or {@link #NOT_MINE}. */
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

  /**
   * Run by the JVM as it ends, on the first implementation; acts for the one that is installed
   * then.
   */
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
}
