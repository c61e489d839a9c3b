package io.dioagent.jmc.rules;

import java.util.List;
import java.util.function.ToLongFunction;
import org.openjdk.jmc.common.item.ICanonicalAccessorFactory;
import org.openjdk.jmc.common.unit.IQuantity;

/** The runtime's counters and levels over a recording, sampled once a second. Immutable. */
final class Counters {
  private final List<DioEvent> samples;

  /** Whether the counters began at 0 within the recording. */
  private final boolean fromStart;

  private Counters(List<DioEvent> samples, boolean fromStart) {
    this.samples = samples;
    this.fromStart = fromStart;
  }

  static Counters of(DioRecording recording) {
    List<DioEvent> samples = recording.list(EventKind.RUNTIME_STATISTICS);
    return new Counters(samples, samples.size() < 2 || recording.beganWithJvm());
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /** Returns the growth of a counter; with a single sample, its whole value. */
  long growth(ICanonicalAccessorFactory<IQuantity> counter) {
    return growth(sample -> sample.count(counter));
  }

  /** Returns the same as {@link #growth} for a counter of bytes. */
  long growthBytes(ICanonicalAccessorFactory<IQuantity> counter) {
    return growth(sample -> sample.bytes(counter));
  }

  private long growth(ToLongFunction<DioEvent> counter) {
    if (samples.isEmpty()) {
      return 0;
    }
    long last = counter.applyAsLong(samples.get(samples.size() - 1));
    return fromStart ? last : last - counter.applyAsLong(samples.get(0));
  }

  /** Returns the highest value of a level. */
  long most(ICanonicalAccessorFactory<IQuantity> level) {
    return samples.stream().mapToLong(sample -> sample.count(level)).max().orElse(0);
  }

  /** Returns the same as {@link #most} for a level in bytes. */
  long mostBytes(ICanonicalAccessorFactory<IQuantity> level) {
    return samples.stream().mapToLong(sample -> sample.bytes(level)).max().orElse(0);
  }
}
