package io.dioagent.jmc.rules;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options that the agent ran with, as it told them. Empty for the runtime without the agent.
 * Immutable.
 */
final class Options {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmg]?)");

  /** {@code tag}, and {@code tag.NAME}, but not {@code tag.NAME.KEY}. */
  private static final Pattern TAG = Pattern.compile("tag(?:\\.([^.]+))?");

  /** What the agent counts for each tag, by its name. */
  private static final String FILES_OF = "files of ";

  private final Map<String, Set<String>> values = new LinkedHashMap<>();

  /** The option as it was written, to the tag's name: its glob if it has none. */
  private final Map<String, String> tags = new LinkedHashMap<>();

  private Options() {}

  /** Of events in the order in which they were told, which may tell the same again. */
  static Options of(List<DioEvent> configuration) {
    Options options = new Options();
    for (DioEvent event : configuration) {
      options.add(event.text(Fields.KEY), event.text(Fields.VALUE));
    }
    return options;
  }

  private void add(String key, String value) {
    Set<String> ofKey = values.computeIfAbsent(key, unknown -> new LinkedHashSet<>());
    // So that the one told last is the last.
    ofKey.remove(value);
    ofKey.add(value);
    Matcher tag = TAG.matcher(key);
    if (tag.matches()) {
      tags.putIfAbsent(key + "=" + value, tag.group(1) == null ? value : tag.group(1));
    }
  }

  /** The value told last; empty if there is none. */
  String text(String key) {
    return values.getOrDefault(key, Set.of()).stream().reduce("", (earlier, later) -> later);
  }

  /** All values of an option that may be given several times. */
  List<String> all(String key) {
    return List.copyOf(values.getOrDefault(key, Set.of()));
  }

  /**
   * How many files each tag has had since the agent started, by the option as it was written:
   * {@code tag.wal=/data/*.wal}. Without those of which that is not told.
   */
  Map<String, Long> filesByTag() {
    Map<String, Long> files = new LinkedHashMap<>();
    tags.forEach(
        (written, name) -> {
          String count = FILES_OF + name;
          if (values.containsKey(count)) {
            files.put(written, number(count));
          }
        });
    return files;
  }

  /** A number or a size: {@code 64m} is 67108864; 0 if the option is not told. */
  long number(String key) {
    Matcher size = SIZE.matcher(text(key).toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      return 0;
    }
    int shift =
        switch (size.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Long.parseLong(size.group(1)) << shift;
  }

  /** Whether the agent only looked on. */
  boolean isObserving() {
    return text("mode").equals("observe");
  }
}
