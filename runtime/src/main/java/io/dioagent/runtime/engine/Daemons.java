package io.dioagent.runtime.engine;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Makes daemon threads that inherit nothing from the thread that happened to need them: no context
 * class loader, no inheritable thread-locals, and no access control context. Under a security
 * manager, also one set later, they have this code's rights, not an application's.
 */
@SuppressWarnings("removal") // Of the security manager, which JDK 17 still has.
public final class Daemons {
  private Daemons() {}

  /** Makes a thread, not started. */
  public static Thread of(Runnable task, String name) {
    return AccessController.doPrivileged(
        new PrivilegedAction<Thread>() {
          @Override
          public Thread run() {
            return detached(new Thread(null, task, name, 0, false));
          }
        });
  }

  /** Detaches a thread that this code has made with its own rights. */
  static Thread detached(Thread thread) {
    thread.setDaemon(true);
    try {
      thread.setContextClassLoader(null);
    } catch (SecurityException e) {
      return thread; // The policy grants too little, so the thread keeps its maker's context.
    }
    return thread;
  }
}
