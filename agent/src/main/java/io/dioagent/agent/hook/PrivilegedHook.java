package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.CallerRights;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.security.AccessController;
import java.security.AllPermission;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import sun.nio.ch.DioHook;

/**
 * The hook under a security manager: runs the application's calls with the agent's own rights. The
 * JDK, too, needs no right of the application for a file that it has opened.
 */
@SuppressWarnings("removal") // Of the security manager, which JDK 17 still has.
final class PrivilegedHook extends DioHook {
  /** The writer's rights; set in a thread that is in {@link #onWriteAsync}. */
  private static final ThreadLocal<CallerRights> WRITER = new ThreadLocal<>();

  private final FileHook hook;

  /** The manager that was checked last; two threads may both check it, and both log it. */
  private volatile SecurityManager checked;

  PrivilegedHook(FileHook hook) {
    this.hook = hook;
    // Loads a call's classes before the first one, which may be a read of the agent's jar.
    boolean unused = CallerRights.matter();
    checked = System.getSecurityManager();
  }

  /** Returns the writer's rights in an asynchronous write; null without a security manager. */
  static CallerRights writer() {
    return CallerRights.matter() ? WRITER.get() : null;
  }

  private static <T> T call(PrivilegedExceptionAction<T> action) throws IOException {
    try {
      return AccessController.doPrivileged(action);
    } catch (PrivilegedActionException e) {
      throw (IOException) e.getException(); // The only checked exception.
    }
  }

  private static void run(Runnable action) {
    Object unused =
        AccessController.doPrivileged(
            (PrivilegedAction<Void>)
                () -> {
                  action.run();
                  return null;
                });
  }

  @Override
  protected DioHook privileged() {
    return this;
  }

  // Passed on without the agent's rights, which these do not need.

  @Override
  protected boolean isTagging() {
    return hook.isTagging();
  }

  @Override
  protected boolean isReachedByWrite(FileDescriptor descriptor) {
    return hook.isReachedByWrite(descriptor);
  }

  @Override
  protected boolean needsLittleStack(FileDescriptor descriptor) {
    return false; // The change of rights takes some.
  }

  @Override
  protected boolean isReachedByLook(FileDescriptor descriptor) {
    return hook.isReachedByLook(descriptor);
  }

  @Override
  protected boolean isReachedByClose(FileDescriptor descriptor) {
    return hook.isReachedByClose(descriptor);
  }

  @Override
  protected void onClosingDeep(FileDescriptor descriptor) {
    hook.onClosingDeep(descriptor);
  }

  @Override
  protected void onUnmappingDeep(Object unmapper) {
    hook.onUnmappingDeep(unmapper);
  }

  /** Logs once for each manager that was set after the agent came if it grants too little. */
  private void check(SecurityManager manager) {
    if (manager == checked || manager == null) {
      return;
    }
    checked = manager;
    try {
      run(() -> manager.checkPermission(new AllPermission()));
    } catch (SecurityException e) {
      AgentLog.warn(
          "there is a security manager now, and its policy does not let the agent work; expected in"
              + " it: a grant of java.security.AllPermission to the code base dio-agent.jar");
    }
  }

  @Override
  protected long onWrite(FileDescriptor descriptor, long address, int length) throws IOException {
    return call(() -> hook.onWrite(descriptor, address, length));
  }

  @Override
  protected long onWriteAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    return call(() -> hook.onWriteAt(descriptor, address, length, position));
  }

  @Override
  protected long onGather(FileDescriptor descriptor, long address, int count) throws IOException {
    return call(() -> hook.onGather(descriptor, address, count));
  }

  @Override
  protected long onWriteByte(FileDescriptor descriptor, int value) throws IOException {
    return call(() -> hook.onWriteByte(descriptor, value));
  }

  @Override
  protected long onWriteBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    return call(() -> hook.onWriteBytes(descriptor, bytes, offset, length));
  }

  @Override
  protected long onRead(FileDescriptor descriptor, long address, int length) throws IOException {
    return call(() -> hook.onRead(descriptor, address, length));
  }

  @Override
  protected long onReadAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    return call(() -> hook.onReadAt(descriptor, address, length, position));
  }

  @Override
  protected long onScatter(FileDescriptor descriptor, long address, int count) throws IOException {
    return call(() -> hook.onScatter(descriptor, address, count));
  }

  @Override
  protected long onReadByte(FileDescriptor descriptor) throws IOException {
    return call(() -> hook.onReadByte(descriptor));
  }

  @Override
  protected long onReadBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    return call(() -> hook.onReadBytes(descriptor, bytes, offset, length));
  }

  @Override
  protected void onTouching(FileDescriptor descriptor) {
    run(() -> hook.onTouching(descriptor));
  }

  @Override
  protected void onLocking(FileDescriptor descriptor) {
    run(() -> hook.onLocking(descriptor));
  }

  @Override
  protected void onLocked() {
    run(hook::onLocked);
  }

  @Override
  protected void onChanged(FileDescriptor descriptor) {
    run(() -> hook.onChanged(descriptor));
  }

  @Override
  protected void onPath(Object path) {
    run(() -> hook.onPath(path));
  }

  @Override
  protected void onChanging(Object path) {
    run(() -> hook.onChanging(path));
  }

  @Override
  protected void onForking() {
    run(() -> hook.onForking());
  }

  @Override
  protected void onMapped(Object unmapper, FileDescriptor descriptor) {
    run(() -> hook.onMapped(unmapper, descriptor));
  }

  @Override
  protected void onUnmapping(Object unmapper) {
    run(() -> hook.onUnmapping(unmapper));
  }

  @Override
  protected void onUnguarded(FileDescriptor descriptor) {
    run(() -> hook.onUnguarded(descriptor));
  }

  @Override
  protected void onClosed(FileDescriptor descriptor) throws IOException {
    Object unused =
        call(
            () -> {
              hook.onClosed(descriptor);
              return null;
            });
  }

  @Override
  protected void onExit() {
    run(() -> hook.onExit());
  }

  @Override
  protected long onTransfer(FileDescriptor from, FileDescriptor to) {
    return CallerRights.asAgent(() -> hook.onTransfer(from, to));
  }

  @Override
  protected void onCopying(int to, int from) throws IOException {
    Object unused =
        call(
            () -> {
              hook.onCopying(to, from);
              return null;
            });
  }

  @Override
  protected void onTransferred(long result) {
    run(() -> hook.onTransferred(result));
  }

  @Override
  protected void onCopied(long result) {
    run(() -> hook.onCopied(result));
  }

  @Override
  protected Object onWriteAsync(
      FileDescriptor descriptor,
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler) {
    CallerRights before = WRITER.get();
    WRITER.set(CallerRights.now());
    try {
      return CallerRights.asAgent(
          () -> hook.onWriteAsync(descriptor, channel, source, position, attachment, handler));
    } finally {
      WRITER.set(before);
    }
  }

  @Override
  protected long onForce(FileDescriptor descriptor, boolean metadata) throws IOException {
    return call(() -> hook.onForce(descriptor, metadata));
  }

  @Override
  protected void onOpened(FileDescriptor descriptor) {
    check(System.getSecurityManager());
    run(() -> hook.onOpened(descriptor));
  }

  @Override
  protected void onClosing(FileDescriptor descriptor) {
    run(() -> hook.onClosing(descriptor));
  }

  @Override
  protected void onCleaning(int number) {
    run(() -> hook.onCleaning(number));
  }
}
