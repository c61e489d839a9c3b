package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * An operation that began more than a second ago and has not ended: recorded once a second for each
 * of the oldest, while it lasts.
 *
 * <p>What to conclude: the last ones of a recording are the operations that were in flight at its
 * end. {@code RuntimeStatistics.oldInFlight} counts all of them. {@code submitterStack} is null in
 * most of them: each operation has it at first, and then twice a minute.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.InFlight")
@Label("In Flight")
@Description("An operation began more than a second ago and has not ended")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Period("1 s")
public final class InFlight extends RequestEvent {

  @Label("Operation")
  @Description("Such as write, read, force, or observed write")
  public String operation;

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Deadline")
  @Description("Time within which the request has to end")
  @Timespan(Timespan.NANOSECONDS)
  public long deadlineNanos;

  @Label("Reason")
  @Description("What the operation waits for")
  public String reason;

  @Label("Device")
  @Description("Numbers of the file's device, major and minor")
  public String device;

  @Label("Submitter")
  @Description(FieldText.SUBMITTER)
  public String submitter;

  @Label("Submitter Stack")
  @Description(FieldText.SUBMITTER_STACK)
  public String submitterStack;

  /** Creates an event with empty fields. */
  public InFlight() {}
}
