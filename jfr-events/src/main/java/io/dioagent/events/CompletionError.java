package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A request ended with an error from the device, the file system or a limit, and its caller got
 * that error.
 *
 * <p>What to conclude: {@code errnoName} names the error and {@code reason} says where it occurred.
 * EIO comes from the device, ENOSPC and EDQUOT from the file system, EFBIG from a limit.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.CompletionError")
@Label("Completion Error")
@Description("A request ended with an error")
@Category(FieldText.CATEGORY)
@StackTrace(true)
public final class CompletionError extends RequestEvent {

  @Label("Error Number")
  @Description(FieldText.ERRNO)
  public int errno;

  @Label("Error")
  @Description(FieldText.ERRNO_NAME)
  public String errnoName;

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
  public CompletionError() {}
}
