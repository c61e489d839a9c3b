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
 * <p>What to conclude: {@code bufferedBytes} beside {@code directBytes} shows how much still goes
 * into the page cache. {@code lost} minus {@code late} minus {@code notStarted} is the number of
 * requests that never ended. {@code quarantinedBytes} is memory that stays unusable until they end.
 *
 * <p>JMC can neither chart nor sum a {@code long} without a unit. Counts are therefore {@code int},
 * and stay at {@link Integer#MAX_VALUE} when they reach it. {@code writes} would reach it within
 * hours, so it is a {@code double}, which counts exactly up to 2<sup>53</sup>.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.RuntimeStatistics")
@Label("Runtime Statistics")
@Description("Counters since the runtime started, rates, and levels now")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Period("1 s")
public final class RuntimeStatistics extends Event {

  @Label("Writes")
  @Description("Writes that ended, with or without an error")
  public double writes;

  @Label("Writes per Second")
  @Description(FieldText.MEAN)
  public int writesPerSecond;

  @Label("Direct Bytes")
  @Description("Bytes written past the page cache")
  @DataAmount
  public long directBytes;

  @Label("Direct Bytes per Second")
  @Description(FieldText.MEAN)
  @DataAmount
  public long directBytesPerSecond;

  @Label("Buffered Bytes")
  @Description("Bytes written through the page cache")
  @DataAmount
  public long bufferedBytes;

  @Label("Buffered Bytes per Second")
  @Description(FieldText.MEAN)
  @DataAmount
  public long bufferedBytesPerSecond;

  @Label("Errors")
  @Description(
      "Writes and reads that ended with an error; each has a Completion Error unless the"
          + " recording's settings omit it")
  public int errors;

  @Label("Lost")
  @Description("Requests that passed their deadline")
  public int lost;

  @Label("Late")
  @Description("Lost requests that ended after all")
  public int late;

  @Label("Not Started")
  @Description("Lost requests that were never passed to the kernel; none ends late")
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

  @Label("Old in Flight")
  @Description("Operations that began more than a second ago and have not ended; see In Flight")
  public int oldInFlight;

  @Label("Quarantined Bytes")
  @Description("Buffer memory that the kernel may still read for lost requests")
  @DataAmount
  public long quarantinedBytes;

  @Label("Buffer Bytes")
  @Description("Buffer memory in use now, including quarantined memory")
  @DataAmount
  public long bufferBytes;

  @Label("Open Files")
  @Description("Files under the runtime now")
  public int openFiles;

  /** Creates an event with empty fields. */
  public RuntimeStatistics() {}
}
