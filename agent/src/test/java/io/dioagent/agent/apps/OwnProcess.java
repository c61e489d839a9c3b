package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This process's system resources, as the kernel reports them. */
public final class OwnProcess {
  private OwnProcess() {}

  /** How many of its descriptors are of files below a directory. */
  public static int descriptors(String directory) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        count += target(link).startsWith(directory) ? 1 : 0;
      }
    }
    return count;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // Closed meanwhile: the directory's own.
    }
  }

  /** AIO contexts: each is a mapping. */
  public static int aioContexts() throws IOException {
    int count = 0;
    for (String mapping : mappings()) {
      count += mapping.contains("/[aio]") ? 1 : 0;
    }
    return count;
  }

  /** All its mappings, a line each (proc(5), maps). */
  public static List<String> mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps"));
  }

  /** Memory that is resident, in KiB. */
  public static long residentKibibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }

  /** Threads of the agent, by their names. */
  public static int agentThreads() {
    int count = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      count += thread.getName().startsWith("dio-") ? 1 : 0;
    }
    return count;
  }
}
