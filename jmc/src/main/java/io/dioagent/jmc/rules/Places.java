package io.dioagent.jmc.rules;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where events happened, in words. */
final class Places {
  private static final int SHOWN = 5;

  private Places() {}

  /** {@code /data/f at offset 12288, 4096 bytes}, as far as it is known. */
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

  /** The first of them, and how many more there are. */
  static String first(List<DioEvent> events) {
    String first = of(events.get(0));
    return events.size() == 1 ? first : first + ", and " + (events.size() - 1) + " more";
  }

  /** The first few of them, each with what is to be said of it. */
  static String list(List<DioEvent> events, Function<DioEvent, String> remark) {
    return few(events, event -> of(event) + ": " + Text.recorded(remark.apply(event)));
  }

  /** The first few of anything. */
  static <T> String few(List<T> things, Function<T, String> words) {
    String few = things.stream().limit(SHOWN).map(words).collect(Collectors.joining("; "));
    return things.size() > SHOWN ? few + "; and " + (things.size() - SHOWN) + " more" : few;
  }
}
