package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A completion arrived for an I/O that had ended already. The runtime dropped it: no caller saw it,
 * and no buffer was released twice.
 *
 * <p>What to conclude: a defect below the runtime, or an injected fault. Without the runtime's
 * ledger a caller would get a byte count twice, or lose a buffer that is still in use.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.DuplicateCompletion")
@Label("Duplicate Completion")
@Description("A second completion arrived for an I/O that had ended; it was dropped")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class DuplicateCompletion extends RequestEnd {

  @Label("Age")
  @Description(FieldText.AGE)
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description(FieldText.SUBMITTER)
  public String submitter;

  @Label("Submitter Stack")
  @Description(FieldText.SUBMITTER_STACK)
  public String submitterStack;

  /** Creates an event with empty fields. */
  public DuplicateCompletion() {}
}
