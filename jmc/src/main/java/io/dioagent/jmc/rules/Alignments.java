package io.dioagent.jmc.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The alignment that each file needs for direct writes, as last recorded. Immutable. */
final class Alignments {
  /** Assumed for files that were open before the recording began: no file needs less. */
  private static final long LEAST_BYTES = 4096;

  private final Map<String, DioEvent> tagged;

  private Alignments(Map<String, DioEvent> tagged) {
    this.tagged = tagged;
  }

  static Alignments of(List<DioEvent> taggedFiles) {
    Map<String, DioEvent> tagged = new HashMap<>();
    taggedFiles.forEach(event -> tagged.put(event.path(), event));
    return new Alignments(tagged);
  }

  /** Returns why the file cannot go direct at all; null if it can. */
  String whyNever(String path) {
    DioEvent event = tagged.get(path);
    return event == null || event.flag(Fields.DIRECT) ? null : event.text(Fields.REASON);
  }

  /** Returns the number of which offsets and lengths have to be multiples. */
  long bytes(String path) {
    DioEvent event = tagged.get(path);
    return event == null ? LEAST_BYTES : Math.max(LEAST_BYTES, event.bytes(Fields.OFFSET_ALIGN));
  }

  /** Returns whether a part of a file begins or ends within a block. */
  boolean isUnaligned(DioEvent part) {
    long align = bytes(part.path());
    return part.offset() % align != 0 || part.lengthBytes() % align != 0;
  }
}
