package io.dioagent.runtime.linux;

import com.sun.jna.Native;

/**
 * The one native entry: syscall(2) of the C library, by JNA's direct mapping. No libaio is needed.
 * If a preloaded library replaces syscall(2), the runtime's calls go through it too.
 */
final class LibC {
  private LibC() {}

  static {
    Native.register(LibC.class, "c");
  }

  // long syscall(long number, ...);
  private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  /** Returns the call's result, or the negative errno as the kernel itself does. */
  static long call(int number, long a, long b, long c, long d, long e, long f) {
    long result = syscall(number, a, b, c, d, e, f);
    return result == -1 ? -Native.getLastError() : result;
  }
}
