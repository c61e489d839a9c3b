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
 * A request did not end by its deadline. Told once for a request, while it is still out.
 *
 * <p>What to conclude: the device, the file system or a driver below hangs or has dropped the
 * completion. {@code submitterStack} is the application's own call. A {@link LateCompletion} of the
 * same request id follows when it ends after all. None follows where {@code pending} is false: that
 * request was never handed to the kernel. Otherwise it was still out when the recording ended.
 *
 * <p>Time in which this process did not run, or in which the request waited for its turn on a
 * device that was not stuck, does not count: {@code ageNanos} may be more than the deadline by
 * that.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.LostCompletion")
@Label("Lost Completion")
@Description("A request did not end by its deadline")
@Category("Direct I/O")
@StackTrace(false)
public final class LostCompletion extends Event {

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

  @Label("Deadline")
  @Description("Time within which it had to end")
  @Timespan(Timespan.NANOSECONDS)
  public long deadlineNanos;

  @Label("Reason")
  public String reason;

  @Label("Pending")
  @Description(
      "Whether the request is still out, so that a Late Completion follows if it ends; false if it"
          + " was never handed to the kernel, and has ended with this")
  public boolean pending;

  @Label("Submitter")
  @Description("Name of the thread that made the request")
  public String submitter;

  @Label("Submitter Stack")
  @Description("Stack of that thread, one frame a line")
  public String submitterStack;

  /** An empty one, to be filled. */
  public LostCompletion() {}
}
