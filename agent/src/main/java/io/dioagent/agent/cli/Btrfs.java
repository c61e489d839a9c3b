package io.dioagent.agent.cli;

/**
 * Btrfs takes direct writes of every file. Since Linux 6.15 it copies those of a file with
 * checksums through the page cache, within io_submit(2), because a changing buffer would not match
 * them.
 */
final class Btrfs {
  private static final String NAME = "btrfs";
  private static final int MAJOR = 6;
  private static final int MINOR = 15;

  private Btrfs() {}

  /**
   * Returns a remark on a file system: whether a file has checksums, its attributes show, which are
   * not asked for. Null if there is none.
   */
  static String remark(String fileSystem) {
    return isConcerned(fileSystem)
        ? "through the page cache all the same if btrfs keeps checksums of the file (lsattr shows C"
            + " if it keeps none)"
        : null;
  }

  private static boolean isConcerned(String fileSystem) {
    return NAME.equals(fileSystem) && copies(System.getProperty("os.version"));
  }

  /** Whether a kernel does so, by its release such as 6.18.4-generic. */
  static boolean copies(String release) {
    String[] numbers = release.split("[^0-9]+", 3);
    try {
      int major = Integer.parseInt(numbers[0]);
      return major > MAJOR || (major == MAJOR && Integer.parseInt(numbers[1]) >= MINOR);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false; // No release of Linux that is known.
    }
  }
}
