package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Prologues and epilogues of the JDK's woven methods that notify the hook. Called by any thread.
 */
public final class DioNotices {
  private DioNotices() {}

  /** Prologue of the static {@code open} of both file channel classes. */
  public static void opened(FileDescriptor descriptor, boolean writable) {
    DioHook hook = DioHook.installed;
    // With a short stack the file is classified at its first write: an error here would leave it
    // open.
    if (hook != null && writable && (!hook.isReachedByWrite(descriptor) || DioStack.hasStack())) {
      DioHook.withRights(hook).onOpened(descriptor);
    }
  }

  /** As {@link #path}, for an opening that has the epilogue {@link #unguarded}. */
  public static void opening(Object path) {
    DioHook hook = DioHook.forBoth();
    if (hook != null) {
      hook.onPath(path);
    }
  }

  /**
   * Epilogue of opening, or prologue of exposing, a descriptor with native methods that return or
   * change the file's size, or force it.
   */
  public static void unguarded(FileDescriptor descriptor) {
    DioHook hook = DioHook.forBoth();
    if (hook != null) {
      hook.onUnguarded(descriptor);
    }
  }

  /**
   * Prologue of {@code FileDescriptor.close}: the number is still open. At the stack's end another
   * thread does the agent's part, and this one waits for it. All of it has to come before the JDK's
   * close(2), and the close has to go on.
   */
  public static void closing(FileDescriptor descriptor) {
    DioHook hook = DioHook.installed;
    if (hook == null) {
      return;
    }
    if (!hook.isReachedByClose(descriptor)) {
      try {
        DioHook.withRights(hook).onClosing(descriptor);
      } catch (StackOverflowError e) {
        return; // The entry stays, but is of another descriptor object, and has no effect.
      }
    } else if (DioStack.hasStack()) {
      DioHook.withRights(hook).onClosing(descriptor);
    } else if (DioStack.hasLittleStack()) {
      hook.onClosingDeep(descriptor);
    } else {
      DioStack.requireStack(); // Throws. The descriptor stays open for the JDK and the agent.
    }
  }

  /** Epilogue of {@code FileDescriptor.close}: throws a failure of writes that had returned. */
  public static void closed(FileDescriptor descriptor) throws IOException {
    DioHook hook = DioHook.current();
    if (hook != null) {
      try {
        hook.onClosed(descriptor);
      } catch (StackOverflowError e) {
        // The file has no failure: otherwise its prologue found enough stack, or threw.
        return;
      }
    }
  }

  /**
   * Prologue of {@code FileCleanable.performCleanup}: a descriptor that became unreachable without
   * having been closed. The number is still open.
   */
  public static void cleaning(int number) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onCleaning(number);
    }
  }

  /** Prologue of methods that look at a file's size or its bytes in other ways. */
  public static void touching(FileDescriptor descriptor) {
    DioHook hook = DioHook.forLook(descriptor);
    if (hook != null) {
      hook.onTouching(descriptor);
    }
  }

  /** As {@link #touching}, for methods with the epilogue {@link #changed} or {@link #mapped}. */
  public static void entering(FileDescriptor descriptor) {
    DioHook hook = DioHook.forBoth();
    if (hook != null) {
      hook.onTouching(descriptor);
    }
  }

  /** Epilogue of methods that change a file's size. */
  public static void changed(FileDescriptor descriptor) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onChanged(descriptor);
    }
  }

  /**
   * Prologue of methods that change a file's times, owner or rights by its path, or open it, which
   * may be for that purpose.
   *
   * @param path as that of {@link #path}
   */
  public static void changing(Object path) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onChanging(path);
    }
  }

  /** As {@link #changing(Object)}, for a file whose path is unknown. */
  public static void changing() {
    changing(null);
  }

  /**
   * Prologue of methods that open a file by its path, return its size or times, or rename it.
   *
   * @param path its toString() is the path, or it is a byte[] relative to an open directory
   */
  public static void path(Object path) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onPath(path);
    }
  }

  /** Prologue of {@code ProcessBuilder.start}: the new process may look at any file. */
  public static void forking() {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onForking();
    }
  }

  /**
   * Prologue of {@code FileDispatcherImpl.lock}: as {@link #touching}; the call lasts until {@link
   * #locked}.
   */
  public static void locking(FileDescriptor descriptor) {
    DioHook hook = DioHook.forBoth();
    if (hook != null) {
      hook.onLocking(descriptor);
    }
  }

  /**
   * Ends the call that {@link #locking} began.
   *
   * @param result as the JDK's method, or {@link DioHook#FAILED}
   */
  public static void locked(long result) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onLocked();
    }
  }

  /** Epilogue of {@code FileChannelImpl.mapInternal}. */
  public static void mapped(Object unmapper, FileDescriptor descriptor) {
    DioHook hook = DioHook.current();
    if (hook != null && unmapper != null) {
      hook.onMapped(unmapper, descriptor);
    }
  }

  /** Prologue of {@code FileChannelImpl.Unmapper.unmap}. */
  public static void unmapping(Object unmapper) {
    DioHook hook = DioHook.installed;
    if (hook == null || !hook.isTagging()) {
      return;
    }
    if (DioStack.hasStack()) {
      DioHook.withRights(hook).onUnmapping(unmapper);
    } else if (DioStack.hasLittleStack()) {
      hook.onUnmappingDeep(unmapper);
    } else {
      DioStack.requireStack(); // Throws.
    }
  }

  /**
   * Called before {@code Files.copy} lets the kernel copy from file to file. If the hook has copied
   * all, the kernel finds nothing left.
   *
   * @param to a descriptor's number, at the offset to copy to
   * @param from a descriptor's number, at the offset to copy from
   */
  public static void copying(int to, int from) throws IOException {
    DioHook hook = DioHook.forBoth();
    if (hook != null) {
      hook.onCopying(to, from);
    }
  }

  /**
   * Called at the end of a {@code Files.copy}.
   *
   * @param result 0, or {@link DioHook#FAILED}
   */
  public static void copied(long result) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onCopied(result);
    }
  }

  /**
   * Called at the end of a transfer that {@link DioCalls#transfer} left to the JDK.
   *
   * @param result bytes, an IOStatus, or {@link DioHook#FAILED}
   */
  public static void transferred(long result) {
    DioHook hook = DioHook.current();
    if (hook != null) {
      hook.onTransferred(result);
    }
  }
}
