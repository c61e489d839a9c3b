package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A read of a tagged file ended, with or without an error. Only with {@code read=direct}, {@code
 * read=auto} or {@code mode=observe}; other reads are recorded by {@code jdk.FileRead} alone. One
 * event for each read that took at least the threshold: 10 ms by default, none in {@code dio.jfc}.
 *
 * <p>What to conclude: the duration is the time that the caller waited. A {@code result} of 0
 * without an error is the end of the file.
 *
 * <p>Not thread-safe: each occurrence has a new instance, used by one thread at a time. The thread
 * that begins the operation may pass it to the thread that ends it; the latter is the event's
 * thread.
 */
@Name("io.dioagent.Read")
@Label("Read")
@Description("A read of a tagged file, direct or observed, from the call to its end")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Threshold("10 ms")
public final class Read extends Transfer {

  /** Creates an event with empty fields. */
  public Read() {}
}
