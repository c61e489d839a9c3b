package io.dioagent.agent.live;

import io.dioagent.agent.CallerRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds names of block devices. */
final class Devices {
  private Devices() {}

  /**
   * Returns the name in {@code /sys} with the numbers, such as {@code vda (254:0)}; the numbers
   * alone where {@code /sys} has no name.
   *
   * @param number major in the upper, minor in the lower half
   */
  static String name(long number) {
    String numbers = (number >>> 32) + ":" + (number & 0xffffffffL);
    return CallerRights.asAgent(() -> named(numbers));
  }

  private static String named(String numbers) {
    try {
      Path link = Path.of("/sys/dev/block", numbers);
      return Files.isSymbolicLink(link)
          ? Files.readSymbolicLink(link).getFileName() + " (" + numbers + ")"
          : numbers;
    } catch (IOException e) {
      return numbers;
    }
  }
}
