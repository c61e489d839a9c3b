package io.dioagent.samples.stress;

import org.HdrHistogram.Histogram;

/**
 * What one stage came to, all its repetitions together.
 *
 * @param latency of each request from issued to ended, in nanoseconds; not of reads that failed
 * @param bytes of requests that succeeded
 */
public record StageResult(String name, Histogram latency, long bytes, long durationNanos) {

  /** Together with another repetition. */
  StageResult plus(StageResult other) {
    Histogram both = latency.copy();
    both.add(other.latency);
    return new StageResult(name, both, bytes + other.bytes, durationNanos + other.durationNanos);
  }
}
