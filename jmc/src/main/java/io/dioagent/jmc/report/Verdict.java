package io.dioagent.jmc.report;

import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * What recordings say, in numbers. Counts are of events within the recordings; what happened before
 * them is not in it.
 *
 * @param lost requests that did not end by their deadline
 * @param late requests told lost, in these recordings or before, that ended after all
 * @param duplicate completions that came for what had ended already
 * @param unknown completions that came for what was never issued
 * @param errors writes and reads that ended with an error
 * @param failedForces forces that ended with an error, as far as they took JFR's threshold
 * @param collisions direct writes that the page cache kept a part of
 * @param stalls submissions that did not return at once
 * @param injected faults that were injected because the option {@code fault} asked for them
 * @param writes writes that ended, well or not
 * @param directBytes bytes written past the page cache
 * @param bufferedBytes bytes written through the page cache; all of them with {@code mode=observe}
 */
public record Verdict(
    long lost,
    long late,
    long duplicate,
    long unknown,
    long errors,
    long failedForces,
    long collisions,
    long stalls,
    long injected,
    long writes,
    long directBytes,
    long bufferedBytes) {

  /** Whether every request ended exactly once, and without an error. */
  public boolean clean() {
    return lost + late + duplicate + unknown + errors + failedForces == 0;
  }

  /** How much of what was written went through the page cache, 0 to 1; 0 if nothing was written. */
  public double fallbackShare() {
    long all = directBytes + bufferedBytes;
    return all == 0 ? 0 : (double) bufferedBytes / all;
  }

  /** Of several JVMs together. */
  static Verdict sum(Collection<Verdict> parts) {
    return new Verdict(
        sum(parts, Verdict::lost),
        sum(parts, Verdict::late),
        sum(parts, Verdict::duplicate),
        sum(parts, Verdict::unknown),
        sum(parts, Verdict::errors),
        sum(parts, Verdict::failedForces),
        sum(parts, Verdict::collisions),
        sum(parts, Verdict::stalls),
        sum(parts, Verdict::injected),
        sum(parts, Verdict::writes),
        sum(parts, Verdict::directBytes),
        sum(parts, Verdict::bufferedBytes));
  }

  private static long sum(Collection<Verdict> parts, ToLongFunction<Verdict> field) {
    return parts.stream().mapToLong(field).sum();
  }
}
