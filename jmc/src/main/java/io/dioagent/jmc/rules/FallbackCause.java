package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One reason that bytes went through the page cache for.
 *
 * @param why in words
 * @param unaligned whether it is where the writes begin and end
 * @param parts what went so for this reason
 */
record FallbackCause(String why, boolean unaligned, List<DioEvent> parts) {
  /** Reads are told once for a file, and are no bytes written. */
  private static final String READS = "reads: ";

  /** The causes, those of most bytes first. */
  static List<FallbackCause> of(List<DioEvent> fallbacks, Alignments alignments) {
    Map<String, FallbackCause> causes = new LinkedHashMap<>();
    for (DioEvent part : fallbacks) {
      if (!part.text(Fields.REASON).startsWith(READS)) {
        FallbackCause cause = of(part, alignments);
        causes.computeIfAbsent(cause.why, why -> cause).parts.add(part);
      }
    }
    List<FallbackCause> sorted = new ArrayList<>(causes.values());
    sorted.sort(Comparator.comparingLong(FallbackCause::bytes).reversed());
    return sorted;
  }

  private static FallbackCause of(DioEvent part, Alignments alignments) {
    String whyNever = alignments.whyNever(part.path());
    if (whyNever != null) {
      return new FallbackCause(Text.recorded(whyNever), false, new ArrayList<>());
    }
    if (part.requestId() != 0 && alignments.isUnaligned(part)) {
      String why = "not aligned to " + alignments.bytes(part.path()) + " bytes";
      return new FallbackCause(why, true, new ArrayList<>());
    }
    return new FallbackCause(Text.recorded(part.text(Fields.REASON)), false, new ArrayList<>());
  }

  long bytes() {
    return parts.stream().mapToLong(DioEvent::lengthBytes).sum();
  }

  /** In words: how much, why and where first. */
  String describe() {
    return Text.bytes(bytes())
        + " in "
        + Text.count(parts.size(), "part")
        + ", "
        + why
        + ", first of "
        + Places.of(parts.get(0));
  }
}
