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
 * The page cache kept part of what was written directly, because somebody has the range mapped or
 * reads it buffered at the same time. Offset and length are those of the part.
 *
 * <p>What to conclude: that reader may see older bytes than the device has. {@code policy} says
 * what was done about it.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.PageCacheCollision")
@Label("Page Cache Collision")
@Description("The page cache kept part of what was written directly")
@Category("Direct I/O")
@StackTrace(false)
public final class PageCacheCollision extends Event {

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

  @Label("Age")
  @Description("Time since the request was made")
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Policy")
  @Description("What was done: report, fail or launder")
  public String policy;

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description("Name of the thread that made the request; null if it is not known")
  public String submitter;

  @Label("Submitter Stack")
  @Description("Stack of that thread now, one frame a line")
  public String submitterStack;

  /** An empty one, to be filled. */
  public PageCacheCollision() {}
}
