package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A fault was injected, because the option {@code fault} asked for it.
 *
 * <p>What to conclude: whatever else has this request id was made on purpose.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.FaultInjected")
@Label("Fault Injected")
@Description("A fault was injected because the fault option asked for it")
@Category("Direct I/O")
@StackTrace(false)
public final class FaultInjected extends Event {

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

  @Label("Fault")
  @Description("Kind of the fault, such as eio or lose")
  public String fault;

  /** An empty one, to be filled. */
  public FaultInjected() {}
}
