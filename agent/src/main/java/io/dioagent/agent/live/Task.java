package io.dioagent.agent.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread of this process as the kernel shows it (proc(5), /proc/self/task). Immutable.
 *
 * @param id the kernel's number of the thread
 * @param name at most 15 bytes of the thread's name
 * @param state one letter, such as D for an uninterruptible sleep
 * @param waitingIn the kernel's function that it sleeps in; empty if the kernel does not show it
 * @param call number and arguments of its system call; empty outside one, or if not shown
 * @param switches how often it has left the processor
 */
record Task(int id, String name, String state, String waitingIn, String call, long switches) {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** Returns all that can be read. */
  static List<Task> all() {
    List<Task> all = new ArrayList<>();
    try (DirectoryStream<Path> ids = Files.newDirectoryStream(TASKS)) {
      for (Path id : ids) {
        Task task = of(Integer.parseInt(id.getFileName().toString()));
        if (task != null) {
          all.add(task);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return all; // No procfs.
    }
    return all;
  }

  /** Returns one; null if it has ended, or cannot be read. */
  static Task of(int id) {
    Path directory = TASKS.resolve(Integer.toString(id));
    String name = read(directory.resolve("comm"));
    String status = read(directory.resolve("status"));
    if (name.isEmpty() || status.isEmpty()) {
      return null;
    }
    String call = read(directory.resolve("syscall"));
    String waitingIn = read(directory.resolve("wchan"));
    return new Task(
        id,
        name,
        field(status, "State:").split("\\s", 2)[0],
        waitingIn.equals("0") ? "" : waitingIn,
        call.startsWith("-1") || call.equals("running") ? "" : call,
        number(field(status, "voluntary_ctxt_switches:"))
            + number(field(status, "nonvoluntary_ctxt_switches:")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElse("");
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Returns an argument of its system call, from 0; -1 if it is not known. */
  long argument(int index) {
    String[] words = call.split(" ", -1);
    try {
      return index + 1 < words.length ? Long.decode(words[index + 1]) : -1;
    } catch (NumberFormatException e) {
      return -1; // An address beyond the positive numbers.
    }
  }

  /** Whether it has been in the same system call since, and has never run. */
  boolean isHeldSince(Task before) {
    return !call.isEmpty() && call.equals(before.call) && switches == before.switches;
  }

  /**
   * Whether a thread of Java may be this one. The kernel's name has the first 15 characters, or
   * with a newer JVM the first 7 and the last 6; the launcher's thread keeps the program's name.
   */
  boolean mayBe(Thread thread) {
    String full = thread.getName();
    if (full.length() <= 15) {
      return full.equals(name) || (full.equals("main") && name.equals("java"));
    }
    String ends = full.substring(0, 7) + ".." + full.substring(full.length() - 6);
    return full.startsWith(name) || ends.equals(name);
  }
}
