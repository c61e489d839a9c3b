package io.dioagent.agent.live;

import io.dioagent.agent.CallerRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of block devices. */
final class Devices {
  private Devices() {}

  /**
   * As {@code /sys} has it, with its numbers, such as {@code vda (254:0)}; the numbers alone where
   * it does not know them.
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
