package io.dioagent.jmc.rules;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent's options, as recorded. Empty for the runtime without the agent. Immutable. */
final class Options {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmg]?)");

  /** {@code tag}, and {@code tag.NAME}, but not {@code tag.NAME.KEY}. */
  private static final Pattern TAG = Pattern.compile("tag(?:\\.([^.]+))?");

  /** Prefix of the keys under which the agent records the number of files of each tag. */
  private static final String FILES_OF = "files of ";

  private final Map<String, Set<String>> values = new LinkedHashMap<>();

  /** Maps the option as written to the tag's name, or to its glob if it has no name. */
  private final Map<String, String> tags = new LinkedHashMap<>();

  private Options() {}

  /** Reads events in the order of their recording; options may be repeated. */
  static Options of(List<DioEvent> configuration) {
    Options options = new Options();
    for (DioEvent event : configuration) {
      options.add(event.text(Fields.KEY), event.text(Fields.VALUE));
    }
    return options;
  }

  private void add(String key, String value) {
    Set<String> ofKey = values.computeIfAbsent(key, unknown -> new LinkedHashSet<>());
    // The value recorded last becomes the last one in the set.
    ofKey.remove(value);
    ofKey.add(value);
    Matcher tag = TAG.matcher(key);
    if (tag.matches()) {
      tags.putIfAbsent(key + "=" + value, tag.group(1) == null ? value : tag.group(1));
    }
  }

  /** Returns the value recorded last; empty if there is none. */
  String text(String key) {
    return values.getOrDefault(key, Set.of()).stream().reduce("", (earlier, later) -> later);
  }

  /** Returns all values of a repeatable option. */
  List<String> all(String key) {
    return List.copyOf(values.getOrDefault(key, Set.of()));
  }

  /**
   * Returns the number of files that each tag has had since the agent started, by the option as
   * written: {@code tag.wal=/data/*.wal}. Omits tags with no recorded count.
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

  /** Returns a number or a size: {@code 64m} is 67108864; 0 if the option is not recorded. */
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

  /** Returns whether writes of any tag go through the page cache and are dropped behind. */
  boolean writesBehind() {
    return values.entrySet().stream()
        .filter(option -> option.getKey().equals("write") || option.getKey().endsWith(".write"))
        .anyMatch(
            option -> option.getValue().contains("behind") || option.getValue().contains("auto"));
  }

  /** Returns whether the agent only observed. */
  boolean isObserving() {
    return text("mode").equals("observe");
  }
}
