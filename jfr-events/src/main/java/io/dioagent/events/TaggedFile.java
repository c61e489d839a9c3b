package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The runtime took over a file, which matched a tag when it was opened. Files that were open before
 * the recording started are not recorded again.
 *
 * <p>What to conclude: whether the tags match the intended files, and which files cannot go direct,
 * with the reason.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.TaggedFile")
@Label("Tagged File")
@Description("The runtime took over a file")
@Category(FieldText.CATEGORY)
@StackTrace(false)
public final class TaggedFile extends Event {

  @Label("Path")
  @Description(FieldText.PATH)
  public String path;

  @Label("Direct")
  @Description("Whether the file can go past the page cache")
  public boolean direct;

  @Label("Offset Alignment")
  @Description("Alignment of offsets and lengths; 0 if the file cannot go direct")
  @DataAmount
  public int offsetAlign;

  @Label("Memory Alignment")
  @Description("Alignment of buffers; 0 if the file cannot go direct")
  @DataAmount
  public int memoryAlign;

  @Label("Reason")
  public String reason;

  /** Creates an event with empty fields. */
  public TaggedFile() {}
}
