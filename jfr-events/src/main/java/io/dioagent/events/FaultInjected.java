package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A fault was injected, because the option {@code fault} asked for it.
 *
 * <p>What to conclude: every other event with this request id was caused on purpose.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.FaultInjected")
@Label("Fault Injected")
@Description("A fault was injected because the fault option asked for it")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class FaultInjected extends RequestEvent {

  @Label("Fault")
  @Description("Kind of the fault, such as eio or lose")
  public String fault;

  /** Creates an event with empty fields. */
  public FaultInjected() {}
}
