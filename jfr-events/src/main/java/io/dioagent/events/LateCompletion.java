package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A request that had a {@link LostCompletion} ended after all.
 *
 * <p>What to conclude: no completion was lost; the device was slow. A deadline longer than {@code
 * ageNanos} would have been enough. If {@code delivered} is false, the caller had already received
 * an error, although {@code result} bytes reached the device.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.LateCompletion")
@Label("Late Completion")
@Description("A request that was reported as lost ended after all")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class LateCompletion extends RequestEnd {

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Delivered")
  @Description("Whether the caller was still waiting and got the result")
  public boolean delivered;

  /** Creates an event with empty fields. */
  public LateCompletion() {}
}
