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
 * A submission to the kernel, which should be asynchronous, held its thread.
 *
 * <p>What to conclude: the device queue was full, the file system frozen or the write extended the
 * file. A thread that waited for a processor makes none: the runtime saw it held by the kernel.
 * Many mean that asynchronous I/O is not asynchronous on this file system.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.SubmissionStall")
@Label("Submission Stall")
@Description("A submission to the kernel did not return at once")
@Category("Direct I/O")
@StackTrace(true)
public final class SubmissionStall extends Event {

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

  @Label("Stall")
  @Description("How long the submission took")
  @Timespan(Timespan.NANOSECONDS)
  public long stallNanos;

  @Label("Reason")
  public String reason;

  /** An empty one, to be filled. */
  public SubmissionStall() {}
}
