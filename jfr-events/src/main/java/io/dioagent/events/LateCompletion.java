package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A request that had a {@link LostCompletion} ended after all.
 *
 * <p>What to conclude: nothing was dropped below, only slow; {@code ageNanos} says how slow, and so
 * which deadline would have been long enough. With {@code delivered} false the caller had long been
 * told an error, although {@code result} bytes reached the device.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.LateCompletion")
@Label("Late Completion")
@Description("A request that was told lost ended after all")
@Category("Direct I/O")
@StackTrace(false)
public final class LateCompletion extends Event {

  @Label("Request Id")
  @RequestId
  public long requestId;

  @Label("Path")
  @Description("Real path of the file when it was opened")
  public String path;

  @Label("Offset")
  @Description("First byte, from the start of the file; -1 where it is not known")
  @DataAmount
  public long offset;

  @Label("Length")
  @Description("Bytes asked for")
  @DataAmount
  public long length;

  @Label("Result")
  @Description("Bytes that it ended with; 0 if it ended with an error")
  @DataAmount
  public long result;

  @Label("Error Number")
  @Description("errno(3) that it ended with; 0 if there was none")
  public int errno;

  @Label("Error")
  @Description("Name of the error number, such as EIO; null if there was none")
  public String errnoName;

  @Label("Age")
  @Description("Time since the request was made")
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Delivered")
  @Description("Whether a caller still waited and got the result")
  public boolean delivered;

  /** An empty one, to be filled. */
  public LateCompletion() {}
}
