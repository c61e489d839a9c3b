package io.dioagent.runtime.file;

import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.linux.RecordLocks;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The record locks of this process (fcntl(2)), for instance Java's FileLock. Any thread may ask.
 */
public final class PosixLocks {
  /** proc_locks(5): {@code 1: POSIX ADVISORY WRITE 5433 08:01:7864448 128 128}. */
  private static final int TYPE = 1;

  private static final int PID = 4;
  private static final int FILE = 5;

  private static final long OWN_PID = ProcessHandle.current().pid();

  private PosixLocks() {}

  /**
   * Whether this process may have a lock on a file: one system call where there is no lock at all.
   *
   * @param fd any descriptor of the file
   * @param inode of the file
   * @return true also if the kernel does not say
   */
  static boolean mayBeHeld(int fd, long inode) {
    long holder = RecordLocks.holder(fd);
    return holder != 0 && (holder == OWN_PID || held(inode));
  }

  /**
   * Whether this process has a lock on a file. A file of the same inode number on another file
   * system counts, too: not all of them show the same device here as in stat(2).
   *
   * @return true also if the kernel does not say
   */
  public static boolean held(long inode) {
    String pid = Linux.readLink("/proc/self"); // As procfs counts: it may be of another namespace.
    try (BufferedReader locks =
        new BufferedReader(
            new InputStreamReader(new FileInputStream("/proc/locks"), StandardCharsets.US_ASCII))) {
      for (String line = locks.readLine(); line != null; line = locks.readLine()) {
        if (isHeld(line, pid, inode)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether a line of /proc/locks is of a lock that is held, not waited for, by a process. */
  static boolean isHeld(String line, String pid, long inode) {
    String[] fields = line.trim().split(" +", -1);
    return fields.length > FILE
        && fields[TYPE].equals("POSIX")
        && fields[PID].equals(pid)
        && fields[FILE].endsWith(":" + inode);
  }
}
