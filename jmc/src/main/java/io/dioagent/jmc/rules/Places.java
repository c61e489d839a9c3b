package io.dioagent.jmc.rules;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Describes the places of events. */
final class Places {
  /** At most this many events are listed; the others are counted. */
  private static final int SHOWN = 5;

  private Places() {}

  /** Describes one: {@code /data/f at offset 12288, 4096 bytes}, without unknown parts. */
  static String of(DioEvent event) {
    if (event.path().isEmpty()) {
      return "request " + event.requestId() + " of no known file";
    }
    StringBuilder place = new StringBuilder(Text.recorded(event.path()));
    if (event.offset() >= 0) {
      place.append(" at offset ").append(event.offset());
    }
    if (event.lengthBytes() > 0) {
      place.append(", ").append(event.lengthBytes()).append(" bytes");
    }
    return place.toString();
  }

  /** Describes the first one, and counts the others. */
  static String first(List<DioEvent> events) {
    String first = of(events.get(0));
    return events.size() == 1 ? first : first + ", and " + (events.size() - 1) + " more";
  }

  /** Describes the first few, each with a remark. */
  static String list(List<DioEvent> events, Function<DioEvent, String> remark) {
    return few(events, event -> of(event) + ": " + Text.recorded(remark.apply(event)));
  }

  /** Lists the first few of anything. */
  static <T> String few(List<T> things, Function<T, String> words) {
    String few = things.stream().limit(SHOWN).map(words).collect(Collectors.joining("; "));
    return things.size() > SHOWN ? few + "; and " + (things.size() - SHOWN) + " more" : few;
  }
}
