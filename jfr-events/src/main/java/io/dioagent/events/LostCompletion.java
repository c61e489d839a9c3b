package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A request did not end by its deadline. Recorded once for a request, while it is still in flight.
 *
 * <p>What to conclude: the device, the file system or a driver hangs, or has dropped the
 * completion. {@code submitterStack} has the application's call. A {@link LateCompletion} with the
 * same request id follows if the request ends after all. If {@code pending} is false none follows,
 * because the request was never passed to the kernel. If it is true and none follows, the request
 * was still in flight when the recording ended.
 *
 * <p>Two times do not count: while this process did not run, and while the request waited for its
 * turn on a device that was not stuck. They are in {@code ageNanos}, which may exceed the deadline.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.LostCompletion")
@Label("Lost Completion")
@Description("A request did not end by its deadline")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class LostCompletion extends RequestEvent {

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Deadline")
  @Description("Time within which the request had to end")
  @Timespan(Timespan.NANOSECONDS)
  public long deadlineNanos;

  @Label("Reason")
  public String reason;

  @Label("Pending")
  @Description(
      "Whether the request is still in flight, and a Late Completion follows if it ends; false if"
          + " it was never passed to the kernel, and has ended with this event")
  public boolean pending;

  @Label("Submitter")
  @Description("Name of the thread that made the request")
  public String submitter;

  @Label("Submitter Stack")
  @Description("Stack of that thread, one frame a line")
  public String submitterStack;

  /** Creates an event with empty fields. */
  public LostCompletion() {}
}
