package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A read of a tagged file ended, well or not. Only with {@code read=direct}, and with {@code
 * mode=observe}: other reads are in {@code jdk.FileRead} alone. One event for each read that took
 * at least the threshold: 10 ms by default, none in {@code dio.jfc}.
 *
 * <p>What to conclude: the duration is what the caller waited. {@code result} 0 without an error is
 * the end of the file.
 *
 * <p>Not thread-safe: one new instance for each occurrence, used by one thread at a time. It may be
 * handed from the thread that began to the one that saw the end; the event's thread is the latter.
 */
@Name("io.dioagent.Read")
@Label("Read")
@Description("A read of a tagged file, direct or observed, from the call to its one ending")
@Category("Direct I/O")
@StackTrace(false)
@Threshold("10 ms")
public final class Read extends Event {

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

  @Label("Direct Bytes")
  @Description("Bytes that went past the page cache; on an error too")
  @DataAmount
  public long directBytes;

  @Label("Buffered Bytes")
  @Description("Bytes that went through the page cache; on an error too")
  @DataAmount
  public long bufferedBytes;

  @Label("Native I/Os")
  @Description("Native I/Os that it took; 0 where all was read ahead, or observed")
  public int ios;

  /** An empty one, to be filled. */
  public Read() {}
}
