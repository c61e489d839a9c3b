package io.dioagent.runtime.engine;

import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.nio.charset.StandardCharsets;

/**
 * One thread of this process as the kernel knows it: held by the kernel, or waiting for a
 * processor. Any thread may query it.
 */
public final class KernelThread {
  private static final int STATUS_BYTES = 512;
  private static final String FUTEX = Linux.futexNumber() + " ";

  /** The reason why a thread does not go on. */
  public enum Held {
    /** It runs, waits for a processor, or was stopped with the process. */
    NO,
    /** It waits for another thread of this process: for a lock, or for a garbage collection. */
    BY_PROCESS,
    /** It waits in any other system call, or in one that the kernel does not name. */
    BY_KERNEL
  }

  /** Below /proc. */
  private final String task;

  private KernelThread(String task) {
    this.task = task;
  }

  /** Returns the calling thread; for a virtual one its current carrier. */
  public static KernelThread current() {
    return new KernelThread(Linux.readLink("/proc/thread-self"));
  }

  /** Returns the calling thread; null if there is no memory to find it. */
  public static KernelThread currentIfKnown() {
    try {
      return current();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** Returns the reason why the thread does not go on; {@link Held#BY_KERNEL} if it has ended. */
  public Held held() {
    try {
      char state = state();
      if (state == 'R' || state == 'T' || state == 't') {
        return Held.NO;
      }
      // As in proc_pid_syscall(5): the call's number first. Unreadable on some kernels.
      return state == 'S' && read("syscall").startsWith(FUTEX) ? Held.BY_PROCESS : Held.BY_KERNEL;
    } catch (OutOfMemoryError e) {
      return Held.NO; // A full heap is not the device's fault.
    }
  }

  /**
   * Returns whether a system call holds the thread, other than a wait for another thread of this
   * process.
   */
  public boolean isHeldByKernel() {
    return held() == Held.BY_KERNEL;
  }

  /** Returns the state as in proc_pid_stat(5); 0 if it cannot be read. */
  private char state() {
    String status = read("stat");
    // PID (NAME) STATE ...: a name may contain any character.
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
