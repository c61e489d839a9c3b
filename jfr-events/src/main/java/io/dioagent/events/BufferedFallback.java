package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A write, or a part of one, went through the page cache. Offset and length are the part's.
 *
 * <p>What to conclude: {@code reason} says what must change before the part can go direct.
 * Unaligned heads and tails are usual; whole large writes are not.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.BufferedFallback")
@Label("Buffered Fallback")
@Description("A write, or a part of one, went through the page cache")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class BufferedFallback extends RequestEvent {

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description("Name of the thread that made the request; its Write event has the stack if enabled")
  public String submitter;

  /** Creates an event with empty fields. */
  public BufferedFallback() {}
}
