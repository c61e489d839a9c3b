package io.dioagent.jmc.rules;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.common.util.TypedPreference;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Judges the share of written bytes that went through the page cache, with reasons and advice. */
public final class BufferedShareRule extends DioRule {
  static final TypedPreference<IQuantity> NOTICED_SHARE =
      new TypedPreference<>(
          "io.dioagent.bufferedShare.noticed",
          "Share of buffered bytes worth noticing",
          "Share of the bytes written to tagged files from which the rule reports buffered writes",
          UnitLookup.PERCENTAGE,
          UnitLookup.PERCENT.quantity(10));

  static final TypedPreference<IQuantity> LARGE_SHARE =
      new TypedPreference<>(
          "io.dioagent.bufferedShare.large",
          "Large share of buffered bytes",
          "Share of the bytes written to tagged files from which the rule warns of buffered writes",
          UnitLookup.PERCENTAGE,
          UnitLookup.PERCENT.quantity(50));

  /** Fewer buffered bytes do not matter to a page cache, and are not reported. */
  private static final long NOTICED_BYTES = 1 << 20;

  /** Called by the service loader. */
  public BufferedShareRule() {
    super(
        "BufferedShare",
        "Writes Through the Page Cache",
        Topics.FILES,
        List.of(NOTICED_SHARE, LARGE_SHARE),
        EventKind.BUFFERED_FALLBACK);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    if (recording.options().isObserving()) {
      return Finding.notApplicable("With mode=observe the agent sends no write direct.");
    }
    Traffic traffic = Traffic.of(recording);
    if (traffic.bytes() == 0) {
      return Finding.notApplicable("The recording has no bytes written to tagged files.");
    }
    double share = traffic.bufferedShare();
    String summary =
        Text.percent(share)
            + " of "
            + Text.bytes(traffic.bytes())
            + " written to tagged files went through the page cache";
    if (traffic.bufferedBytes() < NOTICED_BYTES || share < value(preferences, NOTICED_SHARE)) {
      return Finding.ok(summary + ".");
    }
    Alignments alignments = Alignments.of(recording.list(EventKind.TAGGED_FILE));
    List<FallbackCause> causes =
        FallbackCause.of(recording.list(EventKind.BUFFERED_FALLBACK), alignments);
    if (causes.isEmpty() && recording.options().writesBehind()) {
      return Finding.ok(summary + ", from which write=behind and write=auto drop them.");
    }
    return new Finding(
        share < value(preferences, LARGE_SHARE) ? Severity.INFO : Severity.WARNING,
        causes.isEmpty() ? summary + "." : summary + ", most of it " + causes.get(0).why() + ".",
        "These bytes displace others from the page cache until they are dropped again, and each"
            + " part waits for its write-back: "
            + Places.few(causes, FallbackCause::describe)
            + ".",
        causes.stream()
            .map(cause -> advice(cause, recording, alignments))
            .distinct()
            .collect(Collectors.joining(" ")));
  }

  private static double value(
      IPreferenceValueProvider preferences, TypedPreference<IQuantity> share) {
    return preferences.getPreferenceValue(share).doubleValueIn(UnitLookup.PERCENT_UNITY);
  }

  private static String advice(FallbackCause cause, DioRecording recording, Alignments alignments) {
    if (!cause.unaligned()) {
      return "Writes with the reason \""
          + cause.why()
          + "\" go direct only with another file system, another way to open the file, or another"
          + " engine. Otherwise take the files out of the tag (exclude=).";
    }
    Set<String> files = new LinkedHashSet<>();
    cause.parts().forEach(part -> files.add(part.path()));
    long[] lengths =
        recording.stream(EventKind.WRITE)
            .filter(write -> files.contains(write.path()))
            .filter(write -> write.bytes(Fields.BUFFERED_BYTES) > 0)
            .mapToLong(DioEvent::lengthBytes)
            .sorted()
            .toArray();
    long align = alignments.bytes(cause.parts().get(0).path());
    return buffer(lengths, align)
        + (recording.options().text("write").equals("pipelined")
            ? ""
            : " Or set write=pipelined for these files: it gathers contiguous writes into aligned"
                + " ones.");
  }

  /** Returns advice on the buffer size that suits these writes. */
  private static String buffer(long[] sortedLengths, long align) {
    String rule =
        "Write multiples of " + align + " bytes at offsets that are multiples of " + align;
    if (sortedLengths.length == 0) {
      return rule + ".";
    }
    long median = sortedLengths[sortedLengths.length / 2];
    long whole = (median + align - 1) / align * align;
    return median == whole
        ? rule
            + ": most of these writes have a suitable length, "
            + median
            + " bytes, but begin within a block; pad the bytes before them, such as a header."
        : rule + ": with a buffer of " + whole + " bytes in place of " + median + ".";
  }
}
