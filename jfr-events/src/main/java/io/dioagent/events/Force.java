package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A force (fsync or fdatasync) of a tagged file ended, well or not. One event for each force that
 * took at least the threshold: 10 ms by default, none in {@code dio.jfc}.
 *
 * <p>What to conclude: an error here means that bytes of writes which had returned may not be on
 * the device, and that the kernel will not say so again.
 *
 * <p>Not thread-safe: one new instance for each occurrence, used by one thread at a time. It may be
 * handed from the thread that began to the one that saw the end; the event's thread is the latter.
 */
@Name("io.dioagent.Force")
@Label("Force")
@Description("A force of a tagged file to the device, from the call to its one ending")
@Category("Direct I/O")
@StackTrace(false)
@Threshold("10 ms")
public final class Force extends Event {

  @Label("Path")
  @Description("Real path of the file when it was opened")
  public String path;

  @Label("Metadata")
  @Description("Whether metadata had to be forced too: fsync(2), else fdatasync(2)")
  public boolean metadata;

  @Label("Error Number")
  @Description("errno(3) that it ended with; 0 if there was none")
  public int errno;

  @Label("Error")
  @Description("Name of the error number, such as EIO; null if there was none")
  public String errnoName;

  /** An empty one, to be filled. */
  public Force() {}
}
