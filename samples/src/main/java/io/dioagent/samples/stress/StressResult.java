package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a run. Reads are counted with the writes.
 *
 * @param issued issued requests
 * @param ended requests among them that ended, with a byte count or an error
 * @param bytes bytes written and read
 * @param failed requests that ended with an error other than lost
 * @param lost requests that ended with ETIMEDOUT
 * @param late lost requests that completed later, by the runtime's statistics; 0 for channels
 * @param duplicate ends of a request that had ended
 * @param unknown ends of a request that was never issued
 * @param differing bytes that the model does not allow, in whole sectors
 * @param threadsLeft threads of the run that are left, and any that are no daemons
 * @param shortWrites writes that ended with fewer bytes than a record
 * @param errors counts by the name of the errno, including open, close and force
 * @param faultHits injected faults by kind
 * @param defects unexpected exceptions
 * @param statistics the runtime's statistics at the end; empty for channels
 * @param drained whether at the end only requests that a fault had lost for good were in flight
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

  /** No error. */
  public static final int OK = 0;

  /** Bytes differ. */
  public static final int DATA_ERRORS = 1;

  /** Wrong usage; never the code of a run. */
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

  /** Returns the exit code; if several apply, the first of 4, 1, 3. */
  public int exitCode() {
    if (issued != ended || duplicate > 0 || unknown > 0 || threadsLeft > 0 || defects > 0) {
      return ACCOUNTING_BROKEN;
    }
    if (differing > 0) {
      return DATA_ERRORS;
    }
    return errors.isEmpty() ? OK : IO_ERRORS;
  }

  /** Returns the last line of the output, for scripts. */
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
