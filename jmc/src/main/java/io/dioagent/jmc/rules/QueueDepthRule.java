package io.dioagent.jmc.rules;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Judges whether the device never had several I/Os at once, or always as many as allowed. */
public final class QueueDepthRule extends DioRule {
  /** No piece of a write is longer, even with a larger max-io. */
  private static final long LARGEST_PIECE_BYTES = 256 << 10;

  /** Fewer writes are not reported as one at a time, because their waits do not add up. */
  private static final int FEWEST_WRITES = 500;

  /** Fewer writes that use the whole depth are not reported. */
  private static final int FEWEST_FULL_WRITES = 16;

  /** Below this mean number of writes under way the application does not wait for the device. */
  private static final double BUSY = 0.5;

  /** Above this mean writes overlap; the margin allows for the clock's error. */
  private static final double ONE_AT_A_TIME = 1.05;

  /** Called by the service loader. */
  public QueueDepthRule() {
    super("QueueDepth", "Queue Depth", Topics.LATENCY, List.of(), EventKind.WRITE);
  }

  /** Adds up the writes of a recording. Used by one thread. */
  private static final class Use {
    private final long fullPieces;
    private final long fullBytes;
    private long writes;
    private long fullWrites;
    private long bytes;
    private long bytesOfFull;
    private long mostIos;
    private DioEvent longest;
    private long busyNanos;
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;

    Use(long depth, long pieceBytes) {
      // One slot is left for a write that begins or ends within a piece.
      fullPieces = Math.max(1, depth - 1);
      fullBytes = fullPieces * pieceBytes * 3 / 4;
    }

    void add(DioEvent write) {
      long ios = write.count(Fields.IOS);
      long direct = write.bytes(Fields.DIRECT_BYTES);
      if (direct == 0) {
        return;
      }
      writes++;
      bytes += direct;
      mostIos = Math.max(mostIos, ios);
      if (longest == null || write.durationNanos() > longest.durationNanos()) {
        longest = write;
      }
      busyNanos += write.durationNanos();
      firstNanos = Math.min(firstNanos, write.startNanos());
      lastNanos = Math.max(lastNanos, write.startNanos() + write.durationNanos());
      if (ios >= fullPieces && direct >= fullBytes) {
        fullWrites++;
        bytesOfFull += direct;
      }
    }

    boolean isFull() {
      return fullWrites >= FEWEST_FULL_WRITES && bytesOfFull * 2 >= bytes;
    }

    /** Returns the mean number of writes under way. */
    double concurrency() {
      return (double) busyNanos / Math.max(1, lastNanos - firstNanos);
    }

    String longest() {
      return Places.of(longest) + ": " + Text.time(longest.durationNanos());
    }

    boolean isOneAtATime() {
      return writes >= FEWEST_WRITES
          && mostIos <= 1
          && concurrency() >= BUSY
          && concurrency() <= ONE_AT_A_TIME;
    }
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    Options options = recording.options();
    long depth = options.number("queue-depth");
    if (depth == 0 || options.isObserving()) {
      return Finding.notApplicable("The recording has no queue depth in use.");
    }
    if (!recording.hasEveryWrite()) {
      return Finding.notApplicable(
          "Only writes of "
              + Text.time(recording.writeThresholdNanos())
              + " and longer were recorded; dio.jfc records all of them.");
    }
    long pieceBytes = Math.min(options.number("max-io"), LARGEST_PIECE_BYTES);
    Use use = new Use(depth, pieceBytes);
    recording.stream(EventKind.WRITE).forEach(use::add);
    Counters counters = Counters.of(recording);
    long inFlight = counters.most(Fields.IN_FLIGHT);
    String seen =
        "at most "
            + use.mostIos
            + " I/Os for one write"
            + (counters.isEmpty()
                ? ""
                : ", and " + inFlight + " in flight together in samples taken once a second");
    if (use.isFull()) {
      return full(use, depth, pieceBytes, seen);
    }
    if (depth > 1 && use.isOneAtATime() && inFlight <= 1) {
      return oneAtATime(use, depth, seen);
    }
    return Finding.ok("With queue-depth=" + depth + " there were " + seen + ".");
  }

  private static Finding full(Use use, long depth, long pieceBytes, String seen) {
    return new Finding(
        Severity.INFO,
        "queue-depth="
            + depth
            + " was used up by "
            + use.fullWrites
            + " of "
            + Text.count(use.writes, "write")
            + ".",
        "Writes longer than "
            + Text.bytes(Math.max(1, depth - 1) * pieceBytes)
            + " are done in several steps, one after the other, because queue-depth and max-io"
            + " allow no more at once. There were "
            + seen
            + ". A device that can do more in parallel is idle between the steps. The longest: "
            + use.longest()
            + ".",
        "Raise queue-depth (and max-io up to 256k, if it is lower), with buffer-memory of at least"
            + " four times their product, and compare the durations.");
  }

  private static Finding oneAtATime(Use use, long depth, String seen) {
    return new Finding(
        Severity.INFO,
        "queue-depth="
            + depth
            + " was never used: "
            + Text.count(use.writes, "write")
            + ", one after the other, took "
            + Text.percent(Math.min(1, use.concurrency()))
            + " of "
            + Text.time(use.lastNanos - use.firstNanos)
            + ".",
        "There were "
            + seen
            + ". Each write waits for the device, which has no other work meanwhile: "
            + Text.time(use.busyNanos / use.writes)
            + " for "
            + Text.bytes(use.bytes / use.writes)
            + " on average, "
            + Text.bytes(bytesPerSecond(use))
            + " a second. The longest: "
            + use.longest()
            + ".",
        "If the application waits for these writes, let it write larger pieces, from several"
            + " threads or through an AsynchronousFileChannel. Or set write=pipelined for its tag,"
            + " if bytes that are not forced may reach the device later.");
  }

  private static long bytesPerSecond(Use use) {
    double seconds = (double) (use.lastNanos - use.firstNanos) / TimeUnit.SECONDS.toNanos(1);
    return Math.round(use.bytes / seconds);
  }
}
