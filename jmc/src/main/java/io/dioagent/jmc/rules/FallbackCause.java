package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reason for which bytes went through the page cache.
 *
 * @param why the reason in words
 * @param unaligned whether the reason is the alignment of the writes
 * @param parts the buffered parts with this reason
 */
record FallbackCause(String why, boolean unaligned, List<DioEvent> parts) {
  /**
   * Prefix of the reason of buffered reads, which are recorded once for a file and do not count.
   */
  private static final String READS = "reads: ";

  /** Returns the causes, sorted by their bytes from most to fewest. */
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

  /** Describes the amount, the reason and the first place. */
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
