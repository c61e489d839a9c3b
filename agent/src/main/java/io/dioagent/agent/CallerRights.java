package io.dioagent.agent;

import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * The rights of an application's code under a security manager, for code that runs on its behalf.
 * Calls from an application run with the agent's own rights, but callbacks must not. Has no effect
 * without a security manager. Immutable.
 */
@SuppressWarnings("removal") // Of the security manager, which JDK 17 still has.
public final class CallerRights {
  /** The rights of unknown code: those that the policy grants to all code. */
  public static final CallerRights NONE =
      new CallerRights(
          new AccessControlContext(new ProtectionDomain[] {new ProtectionDomain(null, null)}));

  private final AccessControlContext context;

  private CallerRights(AccessControlContext context) {
    this.context = context;
  }

  /** Whether rights matter in this JVM now. */
  public static boolean matter() {
    return System.getSecurityManager() != null;
  }

  /** Returns the rights of the calling thread. */
  public static CallerRights now() {
    return new CallerRights(AccessController.getContext());
  }

  /** Performs an action with the agent's own rights, regardless of the caller's. */
  public static <T> T asAgent(PrivilegedAction<T> action) {
    return AccessController.doPrivileged(action);
  }

  /** Runs a task with these rights, as far as its own code has them. */
  public void run(Runnable task) {
    AccessController.doPrivileged(
        new PrivilegedAction<Void>() {
          @Override
          public Void run() {
            task.run();
            return null;
          }
        },
        context);
  }

  /** Returns a task that runs another one with these rights. */
  public Runnable with(Runnable task) {
    return new Runnable() {
      @Override
      public void run() {
        CallerRights.this.run(task);
      }
    };
  }
}
