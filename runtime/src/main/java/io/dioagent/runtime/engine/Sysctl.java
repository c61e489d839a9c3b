package io.dioagent.runtime.engine;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Settings of the kernel, for messages. */
public final class Sysctl {
  private Sysctl() {}

  /**
   * Reads one setting.
   *
   * @param name path below /proc/sys
   * @return its value, or a text that it cannot be read
   */
  public static String read(String name) {
    try (BufferedReader reader =
        new BufferedReader(new FileReader("/proc/sys/" + name, StandardCharsets.US_ASCII))) {
      return reader.readLine();
    } catch (IOException e) {
      return "not readable";
    }
  }
}
