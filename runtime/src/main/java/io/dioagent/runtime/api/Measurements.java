package io.dioagent.runtime.api;

import java.util.List;
import java.util.Map;

/**
 * Counters since the runtime started, and durations of the last minute, beside {@link Statistics}.
 *
 * @param stalls submissions that did not return at once
 * @param failedForces forces that ended with an error
 * @param errors writes, reads and forces that ended with an error, by its name, such as EIO
 * @param writes durations of write requests, except writes that callers made themselves
 * @param forces durations of forces
 * @param groups bytes written, by group of files, in the order of their names
 */
public record Measurements(
    long stalls,
    long failedForces,
    Map<String, Long> errors,
    Latency writes,
    Latency forces,
    List<Group> groups) {

  /** Durations of the last minute; 0 if there are none. Quantiles are up to an eighth too long. */
  public record Latency(long count, long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {}

  /**
   * Bytes written to the files of a group.
   *
   * @param name as the file was adopted under
   * @param directBytes bytes written past the page cache
   * @param bufferedBytes bytes written through the page cache
   */
  public record Group(String name, long directBytes, long bufferedBytes) {}
}
