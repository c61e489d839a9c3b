package io.dioagent.samples;

import java.util.Locale;

/** Selects the half of an application to run, so that its files can be checked in between. */
enum Phase {
  LOAD,
  VERIFY,
  ALL;

  /** Parses {@code DIR [load|verify|all]}; ends the process if the arguments are wrong. */
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
