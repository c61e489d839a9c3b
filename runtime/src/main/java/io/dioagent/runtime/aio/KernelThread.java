package io.dioagent.runtime.aio;

import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.nio.charset.StandardCharsets;

/**
 * One thread of this process as the kernel knows it: whether it is held by the kernel, or waits for
 * a processor. Any thread may ask.
 */
public final class KernelThread {
  private static final int STATUS_BYTES = 512;

  /** Below /proc. */
  private final String task;

  private KernelThread(String task) {
    this.task = task;
  }

  /** The calling thread; for a virtual one its carrier of now. */
  public static KernelThread current() {
    return new KernelThread(Linux.readLink("/proc/thread-self"));
  }

  /** The same; null if there is no memory to ask. */
  public static KernelThread currentIfKnown() {
    try {
      return current();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /**
   * Whether it runs, waits for a processor, or was stopped with the process: so that it is not the
   * kernel that holds it. False if the kernel does not say, or the thread has ended.
   */
  public boolean isRunnable() {
    char state;
    try {
      state = state();
    } catch (OutOfMemoryError e) {
      return true; // A heap that is full is not the device's fault.
    }
    return state == 'R' || state == 'T' || state == 't';
  }

  /** As proc_pid_stat(5) has it; 0 if it cannot be read. */
  private char state() {
    String status = read("stat");
    // PID (NAME) STATE ...: a name may hold anything.
    int end = status.lastIndexOf(')');
    return end >= 0 && end + 2 < status.length() ? status.charAt(end + 2) : 0;
  }

  private String read(String name) {
    if (task == null) {
      return "";
    }
    byte[] bytes = new byte[0];
    try (CMemory memory = new CMemory(STATUS_BYTES)) {
      String path = "/proc/" + task + '/' + name;
      int fd = (int) Linux.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
      if (fd >= 0) {
        long length = Linux.pread(fd, memory.address(), STATUS_BYTES, 0);
        Linux.close(fd);
        bytes = new byte[(int) Math.max(0, length)];
        memory.bytes().get(0, bytes);
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
