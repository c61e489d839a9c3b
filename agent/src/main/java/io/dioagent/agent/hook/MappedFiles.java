package io.dioagent.agent.hook;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The files that this process has mapped, as proc_pid_maps(5) lists them. */
final class MappedFiles {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** As the JDK decodes file names. */
  private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private MappedFiles() {}

  /** Their paths; of those without a name, what the kernel calls them. */
  static Set<String> paths() throws IOException {
    Set<String> paths = new HashSet<>();
    // A reader that goes on at names in another encoding.
    try (BufferedReader maps =
        new BufferedReader(new InputStreamReader(Files.newInputStream(MAPS), FILE_NAMES))) {
      for (String line; (line = maps.readLine()) != null; ) {
        // address perms offset dev inode   /path
        int path = line.indexOf('/');
        if (path >= 0) {
          paths.add(line.substring(path));
        }
      }
    }
    return paths;
  }
}
