package io.dioagent.agent;

import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * The rights of an application's code under a security manager, for what runs on its behalf: calls
 * from an application run with the agent's own rights, and what they call back must not. Without a
 * security manager it changes nothing. Immutable.
 */
@SuppressWarnings("removal") // Of the security manager, which JDK 17 still has.
public final class CallerRights {
  /** Of code that nothing is known of: what the policy grants to all code. */
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

  /** Those of the calling thread. */
  public static CallerRights now() {
    return new CallerRights(AccessController.getContext());
  }

  /** Does an action with the agent's own rights, whoever the caller is. */
  public static <T> T asAgent(PrivilegedAction<T> action) {
    return AccessController.doPrivileged(action);
  }

  /** Does a task with these rights, as far as its own code has them. */
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

  /** A task that does another one with these rights. */
  public Runnable with(Runnable task) {
    return new Runnable() {
      @Override
      public void run() {
        CallerRights.this.run(task);
      }
    };
  }
}
