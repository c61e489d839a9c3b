package io.dioagent.samples;

import java.util.Locale;

/** Which half of an application runs, so that one can look at its files in between. */
enum Phase {
  LOAD,
  VERIFY,
  ALL;

  /** The phase that {@code DIR [load|verify|all]} asks for; ends the process if it cannot be. */
  static Phase of(String[] args, String application) {
    if (args.length == 1) {
      return ALL;
    }
    if (args.length == 2) {
      for (Phase phase : values()) {
        if (args[1].equals(phase.name().toLowerCase(Locale.ROOT))) {
          return phase;
        }
      }
    }
    throw Usage.exit(application + " DIR [load|verify|all]");
  }

  boolean loads() {
    return this != VERIFY;
  }

  boolean verifies() {
    return this != LOAD;
  }
}
