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
 * A request ended with an error from the device, the file system or a limit, and its caller got
 * that error.
 *
 * <p>What to conclude: {@code errnoName} and {@code reason} say what and where. EIO is the
 * device's, ENOSPC and EDQUOT are the file system's, EFBIG is a limit's.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.CompletionError")
@Label("Completion Error")
@Description("A request ended with an error")
@Category("Direct I/O")
@StackTrace(true)
public final class CompletionError extends Event {

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

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description("Name of the thread that made the request; null if it is not known")
  public String submitter;

  @Label("Submitter Stack")
  @Description("Stack of that thread now, one frame a line")
  public String submitterStack;

  /** An empty one, to be filled. */
  public CompletionError() {}
}
