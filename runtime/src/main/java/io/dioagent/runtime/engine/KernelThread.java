package io.dioagent.runtime.engine;

import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.nio.charset.StandardCharsets;

/**
 * One thread of this process as the kernel knows it: whether it is held by the kernel, or waits for
 * a processor. Any thread may ask.
 */
public final class KernelThread {
  private static final int STATUS_BYTES = 512;
  private static final String FUTEX = Linux.futexNumber() + " ";

  /** What keeps a thread from going on. */
  public enum Held {
    /** It runs, waits for a processor, or was stopped with the process. */
    NO,
    /** It waits for another thread of this process: for a lock, or for a collection of garbage. */
    BY_PROCESS,
    /** It waits in any other system call; also where the kernel does not say which. */
    BY_KERNEL
  }

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

  /** What keeps it from going on. {@link Held#BY_KERNEL} if it has ended. */
  public Held held() {
    try {
      char state = state();
      if (state == 'R' || state == 'T' || state == 't') {
        return Held.NO;
      }
      // As proc_pid_syscall(5) has it: the number of the call first. Unreadable on some kernels.
      return state == 'S' && read("syscall").startsWith(FUTEX) ? Held.BY_PROCESS : Held.BY_KERNEL;
    } catch (OutOfMemoryError e) {
      return Held.NO; // A heap that is full is not the device's fault.
    }
  }

  /** Whether a system call other than a wait for another thread of this process holds it. */
  public boolean isHeldByKernel() {
    return held() == Held.BY_KERNEL;
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
