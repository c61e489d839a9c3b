package io.dioagent.agent.hook;

import io.dioagent.runtime.DirectRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Lists the files that this process has mapped, from proc_pid_maps(5). */
final class MappedFiles {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** How the kernel writes a newline in a name there. */
  private static final String NEWLINE = "\\012";

  private MappedFiles() {}

  /** Returns their paths, or the kernel's names of files without a path. */
  static Set<String> paths() throws IOException {
    Set<String> paths = new HashSet<>();
    // This reader does not fail at names in another encoding.
    try (BufferedReader maps =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(MAPS), DirectRuntime.fileNames()))) {
      for (String line; (line = maps.readLine()) != null; ) {
        // address perms offset dev inode   /path
        int path = line.indexOf('/');
        if (path >= 0) {
          String name = line.substring(path);
          paths.add(name);
          paths.add(name.replace(NEWLINE, "\n"));
        }
      }
    }
    return paths;
  }
}
