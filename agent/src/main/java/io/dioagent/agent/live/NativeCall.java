package io.dioagent.agent.live;

import java.util.Locale;
import java.util.Set;

/**
 * A call of the JDK's native code for files, at the top of a thread's stack. Immutable.
 *
 * @param method the native method
 * @param kind write, read, force, or the method's name
 * @param ofMapping whether it works on mapped memory, which has no descriptor
 */
record NativeCall(String method, String kind, boolean ofMapping) {
  private static final String MAPPED = "java.nio.MappedMemoryUtils";

  private static final Set<String> CLASSES =
      Set.of(
          "sun.nio.ch.FileDispatcherImpl",
          "sun.nio.ch.UnixFileDispatcherImpl",
          "sun.nio.ch.FileChannelImpl",
          "sun.nio.fs.UnixNativeDispatcher",
          "sun.nio.fs.LinuxNativeDispatcher",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.RandomAccessFile",
          "java.io.FileDescriptor",
          "java.io.UnixFileSystem",
          MAPPED);

  private static final String OUR_PACKAGES = "io.dioagent.";
  private static final String HOOK = "sun.nio.ch.Dio";

  /**
   * Returns the call that a stack ends in; null if there is none, or if the agent made it, which
   * then shows it as a request.
   */
  static NativeCall of(StackTraceElement[] stack) {
    if (stack.length == 0
        || !stack[0].isNativeMethod()
        || !CLASSES.contains(stack[0].getClassName())
        || passesHook(stack)) {
      return null;
    }
    String method = stack[0].getMethodName();
    return new NativeCall(
        method, kind(method.toLowerCase(Locale.ROOT)), stack[0].getClassName().equals(MAPPED));
  }

  /** Whether a call of the application has gone through the hook. */
  private static boolean passesHook(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(HOOK)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a stack has a frame of the agent. */
  static boolean isOfAgent(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(OUR_PACKAGES) || frame.getClassName().startsWith(HOOK)) {
        return true;
      }
    }
    return false;
  }

  private static String kind(String method) {
    if (method.contains("write")) {
      return "write";
    } else if (method.contains("read")) {
      return "read";
    } else if (method.contains("force") || method.contains("sync")) {
      return "force";
    }
    return method;
  }

  /** Whether its first argument in the kernel is a descriptor. */
  boolean hasDescriptor() {
    return kind.equals("write")
        || method.startsWith("read")
        || method.startsWith("pread")
        || (kind.equals("force") && !ofMapping);
  }

  /** Whether its fourth argument in the kernel is the offset. */
  boolean hasOffset() {
    return method.startsWith("pwrite") || method.startsWith("pread");
  }

  /** Whether its third argument in the kernel is the length. */
  boolean hasLength() {
    return hasDescriptor() && !kind.equals("force") && !method.contains("v0");
  }
}
