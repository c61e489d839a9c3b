package io.dioagent.jmc.report;

import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * The verdict in numbers. It counts events within the recordings, not before them.
 *
 * @param lost requests that did not end by their deadline
 * @param late requests that ended after they were reported as lost, in these recordings or before
 * @param duplicate completions of I/Os that had ended already
 * @param unknown completions of requests that were never issued
 * @param errors writes and reads that ended with an error
 * @param failedForces forces that ended with an error and took at least JFR's threshold
 * @param collisions direct writes of which the page cache kept a part
 * @param stalls submissions that did not return at once
 * @param injected faults that were injected because the option {@code fault} asked for them
 * @param writes writes that ended, with or without an error
 * @param directBytes bytes written past the page cache
 * @param bufferedBytes bytes written through the page cache; all of them with {@code mode=observe}
 * @param inFlight operations that had not ended when the recordings ended, and had begun more than
 *     a second before; with an older agent, of any age
 * @param underWay I/Os that had begun less than a second before, if no operation was older
 * @param unproven JVMs whose recordings do not show what was in flight at their end
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
    long bufferedBytes,
    long inFlight,
    long underWay,
    long unproven) {

  /**
   * Returns whether the recordings show that every request ended exactly once, without an error,
   * except for those that had just begun.
   */
  public boolean clean() {
    return endedRight() && inFlight == 0 && unproven == 0;
  }

  /** Returns whether every request that ended did so exactly once, without an error. */
  boolean endedRight() {
    return lost + late + duplicate + unknown + errors + failedForces == 0;
  }

  /**
   * Returns the share of written bytes that went through the page cache, 0 to 1; 0 without bytes.
   */
  public double fallbackShare() {
    long all = directBytes + bufferedBytes;
    return all == 0 ? 0 : (double) bufferedBytes / all;
  }

  /** Adds up the verdicts on several JVMs. */
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
        sum(parts, Verdict::bufferedBytes),
        sum(parts, Verdict::inFlight),
        sum(parts, Verdict::underWay),
        sum(parts, Verdict::unproven));
  }

  private static long sum(Collection<Verdict> parts, ToLongFunction<Verdict> field) {
    return parts.stream().mapToLong(field).sum();
  }
}
