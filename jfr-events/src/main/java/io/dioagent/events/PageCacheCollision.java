package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The page cache kept part of a direct write, because a process has the range mapped or reads it
 * buffered at the same time. Offset and length are the part's.
 *
 * <p>What to conclude: that process may see older bytes than the device has. {@code policy} names
 * what the runtime did.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.PageCacheCollision")
@Label("Page Cache Collision")
@Description("The page cache kept part of a direct write")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class PageCacheCollision extends RequestEvent {

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Policy")
  @Description("What the runtime did: report, fail or launder")
  public String policy;

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description(FieldText.SUBMITTER)
  public String submitter;

  @Label("Submitter Stack")
  @Description(FieldText.SUBMITTER_STACK)
  public String submitterStack;

  /** Creates an event with empty fields. */
  public PageCacheCollision() {}
}
