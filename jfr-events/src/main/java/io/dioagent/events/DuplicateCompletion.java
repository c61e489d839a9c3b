package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A completion came for an I/O that had ended already. It was dropped: no caller saw it, no buffer
 * was released twice.
 *
 * <p>What to conclude: a defect below the runtime (or an injected fault). Without the runtime's
 * ledger this is a byte count told twice or a buffer freed under somebody.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.DuplicateCompletion")
@Label("Duplicate Completion")
@Description("A second completion came for an I/O that had ended; it was dropped")
@Category("Direct I/O")
@StackTrace(false)
public final class DuplicateCompletion extends Event {

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

  @Label("Age")
  @Description("Time since the request was made")
  @Timespan(Timespan.NANOSECONDS)
  public long ageNanos;

  @Label("Reason")
  public String reason;

  @Label("Submitter")
  @Description("Name of the thread that made the request; null if it is not known")
  public String submitter;

  @Label("Submitter Stack")
  @Description("Stack of that thread now, one frame a line")
  public String submitterStack;

  /** An empty one, to be filled. */
  public DuplicateCompletion() {}
}
