package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A file came under the runtime: it matched a tag when it was opened. Files that were open before
 * the recording started are not told again.
 *
 * <p>What to conclude: whether the tags match what they were meant to, and which files cannot go
 * direct and why.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.TaggedFile")
@Label("Tagged File")
@Description("A file came under the runtime")
@Category("Direct I/O")
@StackTrace(false)
public final class TaggedFile extends Event {

  @Label("Path")
  @Description("Real path of the file when it was opened")
  public String path;

  @Label("Direct")
  @Description("Whether it can go past the page cache")
  public boolean direct;

  @Label("Offset Alignment")
  @Description("Alignment of offsets and lengths; 0 where it cannot go direct")
  @DataAmount
  public int offsetAlign;

  @Label("Memory Alignment")
  @Description("Alignment of buffers; 0 where it cannot go direct")
  @DataAmount
  public int memoryAlign;

  @Label("Reason")
  public String reason;

  /** An empty one, to be filled. */
  public TaggedFile() {}
}
