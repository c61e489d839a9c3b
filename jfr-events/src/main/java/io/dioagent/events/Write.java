package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A write to a tagged file ended, with or without an error. One event for each write that took at
 * least the threshold: 10 ms by default, none in {@code dio.jfc}.
 *
 * <p>What to conclude: the duration is the time that the caller waited. A slow write with {@code
 * ios} above 1 was split. If {@code bufferedBytes} is not 0, a {@link BufferedFallback} with the
 * same request id has the reason.
 *
 * <p>Not thread-safe: each occurrence has a new instance, used by one thread at a time. The thread
 * that begins the operation may pass it to the thread that ends it; the latter is the event's
 * thread.
 */
@Name("io.dioagent.Write")
@Label("Write")
@Description("A write to a tagged file, from the call to its end")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Threshold("10 ms")
public final class Write extends Transfer {

  /** Creates an event with empty fields. */
  public Write() {}
}
