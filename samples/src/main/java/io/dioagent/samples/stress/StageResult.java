package io.dioagent.samples.stress;

import org.HdrHistogram.Histogram;

/**
 * The result of one stage, including all its repetitions.
 *
 * @param latency time of each request from issued to ended, in nanoseconds, without failed reads
 * @param bytes bytes of successful requests
 */
public record StageResult(String name, Histogram latency, long bytes, long durationNanos) {

  /** Returns the sum with another repetition. */
  StageResult plus(StageResult other) {
    Histogram both = latency.copy();
    both.add(other.latency);
    return new StageResult(name, both, bytes + other.bytes, durationNanos + other.durationNanos);
  }
}
