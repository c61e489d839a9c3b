package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A force (fsync or fdatasync) of a tagged file ended, with or without an error. One event for each
 * force that took at least the threshold: 10 ms by default, none in {@code dio.jfc}.
 *
 * <p>What to conclude: after an error, bytes of writes that had returned may not be on the device.
 * The kernel does not report this again.
 *
 * <p>Not thread-safe: each occurrence has a new instance, used by one thread at a time. The thread
 * that begins the operation may pass it to the thread that ends it; the latter is the event's
 * thread.
 */
@Name("io.dioagent.Force")
@Label("Force")
@Description("A force of a tagged file to the device, from the call to its end")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Threshold("10 ms")
public final class Force extends Event {

  @Label("Path")
  @Description(FieldText.PATH)
  public String path;

  @Label("Metadata")
  @Description("Whether metadata was forced, too: fsync(2) if true, otherwise fdatasync(2)")
  public boolean metadata;

  @Label("Error Number")
  @Description(FieldText.ERRNO)
  public int errno;

  @Label("Error")
  @Description(FieldText.ERRNO_NAME)
  public String errnoName;

  /** Creates an event with empty fields. */
  public Force() {}
}
