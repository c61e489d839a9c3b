package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A completion arrived for an id that the runtime never issued. The runtime dropped it.
 *
 * <p>What to conclude: a defect below the runtime, or another user of its context. The event has no
 * path and no offset, because there was no such request.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.UnknownCompletion")
@Label("Unknown Completion")
@Description("A completion arrived for an id that was never issued; it was dropped")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class UnknownCompletion extends Event {

  @Label("Request Id")
  @RequestId
  public long requestId;

  @Label("Result")
  @Description(FieldText.RESULT)
  @DataAmount
  public long result;

  @Label("Error Number")
  @Description(FieldText.ERRNO)
  public int errno;

  @Label("Error")
  @Description(FieldText.ERRNO_NAME)
  public String errnoName;

  /** Creates an event with empty fields. */
  public UnknownCompletion() {}
}
