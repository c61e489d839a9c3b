package io.dioagent.agent.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An open descriptor of this process as the kernel shows it (proc(5), /proc/self/fd and fdinfo).
 * Reading these does not touch the file, and so does not wait for its device. Immutable.
 *
 * @param path the file's real path; null if it has none, such as a socket
 * @param offset its file offset; -1 if it is not known
 * @param device major number in the upper, minor in the lower half; 0 if it is not known
 */
record OpenDescriptor(String path, long offset, long device) {
  /** Stands for a descriptor that is not known. */
  static final OpenDescriptor UNKNOWN = new OpenDescriptor(null, -1, 0);

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path DETAILS = Path.of("/proc/self/fdinfo");
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final String DELETED = " (deleted)";

  /** Whether it has a path, and not one of the kernel's own files or of a terminal. */
  boolean isRealFile() {
    return path != null && !path.startsWith("/dev/") && !path.startsWith("/proc/");
  }

  /** Returns the distinct paths that are open and match, sorted. */
  static SortedSet<String> paths(Predicate<String> wanted) {
    SortedSet<String> paths = new TreeSet<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        String path = target(link);
        if (path != null && wanted.test(path)) {
          paths.add(path);
        }
      }
    } catch (IOException e) {
      return paths; // No procfs.
    }
    return paths;
  }

  private static String target(Path link) {
    try {
      String path = Files.readSymbolicLink(link).toString();
      if (!path.startsWith("/")) {
        return null;
      }
      return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
    } catch (IOException e) {
      return null; // Closed meanwhile.
    }
  }

  /** Returns one by its number; all of its values are unknown if it is not open. */
  static OpenDescriptor of(long number) {
    String path = target(DESCRIPTORS.resolve(Long.toString(number)));
    long offset = -1;
    long device = 0;
    try {
      for (String line : Files.readAllLines(DETAILS.resolve(Long.toString(number)))) {
        String[] words = line.split("\\s+", -1);
        if (words[0].equals("pos:")) {
          offset = Long.parseLong(words[1]);
        } else if (words[0].equals("mnt_id:")) {
          device = deviceOf(words[1]);
        }
      }
    } catch (IOException | RuntimeException e) {
      return new OpenDescriptor(path, offset, device);
    }
    return new OpenDescriptor(path, offset, device);
  }

  private static long deviceOf(String mount) throws IOException {
    for (String line : Files.readAllLines(MOUNTS)) {
      String[] words = line.split(" ", 4);
      if (words[0].equals(mount)) {
        String[] numbers = words[2].split(":", 2);
        return Long.parseLong(numbers[0]) << 32 | Long.parseLong(numbers[1]);
      }
    }
    return 0;
  }
}
