package io.dioagent.agent.contract.random;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Arguments {@code KEY=VALUE} of an application that does random operations. Immutable. */
final class FuzzOptions {
  private final Map<String, String> options = new HashMap<>();
  private final long seed;

  FuzzOptions(String[] arguments) {
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      options.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    String given = options.get("seed");
    seed = given == null ? new SplittableRandom().nextInt(1_000_000_000) : Long.parseLong(given);
  }

  /** Null if it was not given. */
  String get(String key) {
    return options.get(key);
  }

  int number(String key, int otherwise) {
    String given = options.get(key);
    return given == null ? otherwise : Integer.parseInt(given);
  }

  /** To be removed and made again. */
  Path directory() {
    return Path.of(options.getOrDefault("directory", "fuzz")).toAbsolutePath();
  }

  int operations() {
    return number("operations", 20_000);
  }

  /** As given, or random if not given. */
  long seed() {
    return seed;
  }

  /** The command line of this JVM, to be run where it was, with this seed. */
  String commandAgain(int operations) {
    ProcessHandle.Info process = ProcessHandle.current().info();
    StringBuilder command = new StringBuilder(process.command().orElse("java"));
    for (String argument : process.arguments().orElse(new String[0])) {
      if (!argument.startsWith("seed=") && !argument.startsWith("operations=")) {
        command.append(" '").append(argument).append('\'');
      }
    }
    return command + " seed=" + seed + " operations=" + operations;
  }
}
