package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run came to. Reads are counted with the writes.
 *
 * @param issued requests
 * @param ended requests among them that ended, by a byte count or an error
 * @param bytes written and read
 * @param failed requests that ended with an error, but for the lost
 * @param lost requests that ended with ETIMEDOUT
 * @param late lost requests whose completion came after all, as the runtime tells; 0 for channels
 * @param duplicate ends of a request that had ended
 * @param unknown ends of a request that was never issued
 * @param differing bytes, in whole sectors, that held nothing of what the model allows
 * @param threadsLeft threads of the run that are still there: its own, and any that is no daemon
 * @param shortWrites writes that ended with fewer bytes than a record's
 * @param errors by the name of the errno; those of open, close and force included
 * @param faultHits I/Os that a fault struck
 * @param defects exceptions that nobody foresaw
 * @param statistics the runtime's own account at the end; empty for channels
 * @param drained whether nothing was in flight or in use at the end, but what a fault had lost for
 *     good
 */
public record StressResult(
    long issued,
    long ended,
    long bytes,
    long failed,
    long lost,
    long late,
    long duplicate,
    long unknown,
    long differing,
    int threadsLeft,
    long durationNanos,
    long seed,
    long shortWrites,
    Map<String, Long> errors,
    Map<FaultKind, Long> faultHits,
    int defects,
    List<StageResult> stages,
    Optional<Statistics> statistics,
    boolean drained) {

  /** All is well. */
  public static final int OK = 0;

  /** Bytes differ. */
  public static final int DATA_ERRORS = 1;

  /** Wrong usage; no run comes to this. */
  public static final int USAGE = 2;

  /** I/O errors, but no data errors. */
  public static final int IO_ERRORS = 3;

  /** A request did not end exactly once, or a thread is stuck. */
  public static final int ACCOUNTING_BROKEN = 4;

  public StressResult {
    errors = Map.copyOf(errors);
    faultHits = Map.copyOf(faultHits);
    stages = List.copyOf(stages);
  }

  /** One of the constants here; of several, the first of 4, 1, 3. */
  public int exitCode() {
    if (issued != ended || duplicate > 0 || unknown > 0 || threadsLeft > 0 || defects > 0) {
      return ACCOUNTING_BROKEN;
    }
    if (differing > 0) {
      return DATA_ERRORS;
    }
    return errors.isEmpty() ? OK : IO_ERRORS;
  }

  /** The last line of the output, for scripts. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "aio-stress: issued=%d ended=%d bytes=%d failed=%d lost=%d late=%d duplicate=%d unknown=%d"
            + " differing=%d threads-left=%d seconds=%.1f seed=%d",
        issued,
        ended,
        bytes,
        failed,
        lost,
        late,
        duplicate,
        unknown,
        differing,
        threadsLeft,
        durationNanos / 1e9,
        seed);
  }
}
