package io.dioagent.samples.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats a configuration as a command line. */
final class CommandText {
  private CommandText() {}

  /** Returns the words, options first, without the name of the command. */
  static List<String> words(StressConfig config) {
    List<String> words = new ArrayList<>();
    StressConfig.Shape shape = config.shape();
    option(words, "--file-size", Sizes.text(shape.fileBytes()));
    option(words, "--record-size", Sizes.text(shape.recordBytes()));
    option(words, "--depth", shape.depth());
    option(words, "--threads", shape.threads());
    option(
        words,
        "--stages",
        config.stages().stream().map(Stage::option).collect(Collectors.joining(",")));
    StressConfig.Access access = config.access();
    flag(words, "--sync-api", access.api() == Api.SYNC);
    flag(words, "--channel", access.api() == Api.CHANNEL);
    flag(words, "--o-direct", access.direct());
    flag(words, "--o-sync", access.synchronous());
    flag(words, "--verify", config.verify());
    if (access.api() != Api.CHANNEL) {
      option(words, "--deadline", access.policy().deadline().toMillis() + "ms");
      option(words, "--on-lost", access.policy().onLost().name().toLowerCase(Locale.ROOT));
    }
    access.faults().forEach(fault -> option(words, "--fault", fault));
    StressConfig.Limits limits = config.limits();
    long waitMillis = limits.waitTimeout().toMillis();
    option(words, "--wait-timeout", waitMillis == 0 ? "none" : waitMillis);
    option(words, "--for", limits.repeatFor().toSeconds());
    flag(words, "--stop-on-error", limits.stopOnError());
    option(words, "--max-errors", limits.maxErrors());
    option(words, "--patience", limits.patience().toMillis() + "ms");
    option(words, "--seed", config.seed());
    config.files().forEach(file -> words.add(file.toString()));
    return words;
  }

  private static void option(List<String> words, String name, Object value) {
    words.add(name);
    words.add(value.toString());
  }

  private static void flag(List<String> words, String name, boolean given) {
    if (given) {
      words.add(name);
    }
  }
}
