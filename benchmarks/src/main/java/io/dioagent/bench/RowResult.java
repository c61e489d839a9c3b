package io.dioagent.bench;

import io.dioagent.bench.io.Submissions;
import java.util.Optional;

/**
 * The result of one row: pairs, or the reason for none.
 *
 * @param row the row
 * @param state measured, skipped or failed
 * @param pairs the samples, if measured
 * @param submissions the calls of io_submit(2) in one more sample of the subject, if counted
 * @param reason one line, if not measured
 */
record RowResult(
    Row row, State state, Optional<Pairs> pairs, Optional<Submissions> submissions, String reason) {

  enum State {
    MEASURED,
    SKIPPED,
    FAILED
  }

  static RowResult measured(Row row, Pairs pairs, Optional<Submissions> submissions) {
    return new RowResult(row, State.MEASURED, Optional.of(pairs), submissions, "");
  }

  static RowResult skipped(Row row, String reason) {
    return new RowResult(row, State.SKIPPED, Optional.empty(), Optional.empty(), reason);
  }

  static RowResult failed(Row row, String reason) {
    return new RowResult(row, State.FAILED, Optional.empty(), Optional.empty(), reason);
  }

  /** Returns the verdict in the last column. */
  String verdict() {
    return pairs
        .map(samples -> row.target().verdict(samples))
        .orElseGet(() -> state == State.SKIPPED ? "skipped" : "FAILED");
  }
}
