package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.nio.file.OpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is under test: the way from records to the device. Thread-safe. */
interface Layer extends AutoCloseable {

  /**
   * Opens the files for a stage.
   *
   * @param options further ones, such as CREATE
   */
  StageFiles open(Set<? extends OpenOption> options, OpenFailures failures)
      throws NotDirectException;

  /** Whether no write of a closed stage can reach the device any more. */
  boolean isQuiet();

  /** Whether what is not quiet is only what a fault has lost for good. */
  boolean isDrained();

  /** Whether a write that succeeded is on the device already, and not only in the page cache. */
  boolean successIsOnDevice();

  /** The runtime's own account; empty where there is no runtime. */
  Optional<Statistics> statistics();

  /** I/Os that a fault struck, by its kind. */
  Map<FaultKind, Long> faultHits();

  @Override
  void close();
}
