package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.nio.file.OpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The API under test, from records to the device. Thread-safe. */
interface Layer extends AutoCloseable {

  /**
   * Opens the files for a stage.
   *
   * @param options additional options, such as CREATE
   */
  StageFiles open(Set<? extends OpenOption> options, OpenFailures failures)
      throws NotDirectException;

  /** Returns whether no write of a closed stage can reach the device any more. */
  boolean isQuiet();

  /** Returns whether it is quiet except for requests that a fault has lost for good. */
  boolean isDrained();

  /** Returns whether a successful write is on the device, not only in the page cache. */
  boolean successIsOnDevice();

  /** Returns the runtime's statistics; empty if there is no runtime. */
  Optional<Statistics> statistics();

  /** Returns the number of injected faults by kind. */
  Map<FaultKind, Long> faultHits();

  @Override
  void close();
}
