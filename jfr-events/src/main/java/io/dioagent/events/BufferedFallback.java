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
 * A write, or a part of one, went through the page cache. Offset and length are those of the part.
 *
 * <p>What to conclude: {@code reason} says what would have to change for it to go direct. Unaligned
 * heads and tails are usual; whole large writes are not.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.BufferedFallback")
@Label("Buffered Fallback")
@Description("A write, or a part of one, went through the page cache")
@Category("Direct I/O")
@StackTrace(false)
public final class BufferedFallback extends Event {

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

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description("Name of the thread that made the request; its Write has the stack if that is on")
  public String submitter;

  /** An empty one, to be filled. */
  public BufferedFallback() {}
}
