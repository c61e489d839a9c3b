package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * The runtime's counters, once a second. Counters run from the start of the runtime and never fall.
 *
 * <p>What to conclude: {@code bufferedBytes} beside {@code directBytes} is how much still floods
 * the page cache; {@code lost} above the sum of {@code late} and {@code notStarted} is what never
 * ended; {@code quarantinedBytes} is memory that cannot be used again until it does.
 *
 * <p>JMC can neither chart nor sum a {@code long} without a unit, so counts are {@code int} and
 * stay at {@link Integer#MAX_VALUE} once there. {@code writes} gets there within hours, so it is a
 * {@code double}, which counts exactly up to 2<sup>53</sup>.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.RuntimeStatistics")
@Label("Runtime Statistics")
@Description("Counters since the runtime started, rates, and levels now")
@Category("Direct I/O")
@StackTrace(false)
@Period("1 s")
public final class RuntimeStatistics extends Event {

  @Label("Writes")
  @Description("Writes that ended, well or not")
  public double writes;

  @Label("Writes per Second")
  @Description("Mean since the previous event; 0 in the first")
  public int writesPerSecond;

  @Label("Direct Bytes")
  @Description("Bytes written past the page cache")
  @DataAmount
  public long directBytes;

  @Label("Direct Bytes per Second")
  @Description("Mean since the previous event; 0 in the first")
  @DataAmount
  public long directBytesPerSecond;

  @Label("Buffered Bytes")
  @Description("Bytes written through the page cache")
  @DataAmount
  public long bufferedBytes;

  @Label("Buffered Bytes per Second")
  @Description("Mean since the previous event; 0 in the first")
  @DataAmount
  public long bufferedBytesPerSecond;

  @Label("Errors")
  @Description(
      "Writes and reads that ended with an error: a Completion Error each, unless the recording's"
          + " settings leave some out")
  public int errors;

  @Label("Lost")
  @Description("Requests that passed their deadline")
  public int lost;

  @Label("Late")
  @Description("Requests among them that ended after all")
  public int late;

  @Label("Not Started")
  @Description("Requests among the lost that were never handed to the kernel: none ends late")
  public int notStarted;

  @Label("Duplicates")
  @Description("Completions dropped because the I/O had ended already")
  public int duplicates;

  @Label("Unknown")
  @Description("Completions dropped because their id was never issued")
  public int unknown;

  @Label("Collisions")
  @Description("Direct writes whose range stayed in the page cache")
  public int collisions;

  @Label("In Flight")
  @Description("Requests in flight now")
  public int inFlight;

  @Label("Quarantined Bytes")
  @Description("Buffer memory that the kernel may still read for requests told lost")
  @DataAmount
  public long quarantinedBytes;

  @Label("Buffer Bytes")
  @Description("Buffer memory in use now, the quarantined included")
  @DataAmount
  public long bufferBytes;

  @Label("Open Files")
  @Description("Files under the runtime now")
  public int openFiles;

  /** An empty one, to be filled. */
  public RuntimeStatistics() {}
}
