package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A submission to the kernel, which should be asynchronous, blocked its thread.
 *
 * <p>What to conclude: the device queue was full, the file system was frozen, or the write extended
 * the file. The runtime saw the thread blocked in the kernel; waiting for a processor causes no
 * event. Many events mean that asynchronous I/O is not asynchronous on this file system.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.SubmissionStall")
@Label("Submission Stall")
@Description("A submission to the kernel did not return at once")
@Category(FieldText.CATEGORY)
@StackTrace(true)
public final class SubmissionStall extends RequestEvent {

  @Label("Stall")
  @Description("How long the submission took")
  @Timespan(Timespan.NANOSECONDS)
  public long stallNanos;

  @Label("Reason")
  public String reason;

  /** Creates an event with empty fields. */
  public SubmissionStall() {}
}
