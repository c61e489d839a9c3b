package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Pins a virtual thread to its carrier while it is within the JDK's file dispatcher, as the JDK's
 * native methods do. The code around them relies on that where it keeps buffers per carrier thread.
 *
 * <p>Thread-safe. On JDKs without virtual threads it does nothing.
 */
final class VirtualThreads {
  private static final Class<?> VIRTUAL_THREAD = classOrNull("java.lang.BaseVirtualThread");

  private VirtualThreads() {}

  /** Pins the current thread if it is virtual. */
  static void pin() {
    if (isVirtual()) {
      Continuations.call(Continuations.PIN);
    }
  }

  /** Undoes {@link #pin}. */
  static void unpin() {
    if (isVirtual()) {
      Continuations.call(Continuations.UNPIN);
    }
  }

  private static boolean isVirtual() {
    return VIRTUAL_THREAD != null && VIRTUAL_THREAD.isInstance(Thread.currentThread());
  }

  private static Class<?> classOrNull(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** Loaded by the first virtual thread that writes to a tagged file. */
  private static final class Continuations {
    static final MethodHandle PIN = find("pin");
    static final MethodHandle UNPIN = find("unpin");

    private Continuations() {}

    private static MethodHandle find(String method) {
      try {
        Class<?> continuation = Class.forName("jdk.internal.vm.Continuation", false, null);
        return MethodHandles.lookup()
            .findStatic(continuation, method, MethodType.methodType(void.class));
      } catch (ReflectiveOperationException e) {
        AgentLog.warn("virtual threads cannot be pinned while they write: " + e);
        return null;
      }
    }

    static void call(MethodHandle method) {
      if (method == null) {
        return;
      }
      try {
        method.invokeExact();
      } catch (Throwable e) {
        throw new IllegalStateException("pinning a virtual thread", e);
      }
    }
  }
}
