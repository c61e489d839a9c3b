package io.dioagent.agent.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the JVMs that carry the agent. They are recognised by the name of the agent's watchdog
 * thread in /proc, so that no other JVM is attached to.
 */
final class AgentJvms {
  private static final Path PROCESSES = Path.of("/proc");

  /** The runtime's thread that runs as long as the agent is on. */
  private static final String THREAD = "dio-watchdog";

  private AgentJvms() {}

  /** Returns their process ids, of all users, in ascending order. */
  static List<String> pids() throws CommandException {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        if (hasThread(process.resolve("task"))) {
          found.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new CommandException("cannot list the processes in " + PROCESSES + ": " + e, e);
    }
    return found.stream().sorted().map(String::valueOf).toList();
  }

  private static boolean hasThread(Path tasks) {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm"), StandardCharsets.ISO_8859_1)
            .strip()
            .equals(THREAD)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false; // The process or the thread has ended.
    }
    return false;
  }
}
