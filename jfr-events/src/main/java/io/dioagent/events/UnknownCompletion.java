package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A completion came for an id that the runtime never issued. It was dropped.
 *
 * <p>What to conclude: a defect below the runtime, or a foreign user of its context. There is no
 * path or offset to tell, as nobody made such a request.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.UnknownCompletion")
@Label("Unknown Completion")
@Description("A completion came for an id that was never issued; it was dropped")
@Category("Direct I/O")
@StackTrace(false)
public final class UnknownCompletion extends Event {

  @Label("Request Id")
  @RequestId
  public long requestId;

  @Label("Result")
  @Description("Bytes that it ended with; 0 if it ended with an error")
  @DataAmount
  public long result;

  @Label("Error Number")
  @Description("errno(3) that it ended with; 0 if there was none")
  public int errno;

  @Label("Error")
  @Description("Name of the error number, such as EIO; null if there was none")
  public String errnoName;

  /** An empty one, to be filled. */
  public UnknownCompletion() {}
}
