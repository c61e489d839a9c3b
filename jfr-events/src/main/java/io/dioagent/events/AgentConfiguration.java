package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * One option of the agent. The whole table is recorded when it is set, and at the beginning and the
 * end of each chunk, so that every part of a recording has it. Equal rows repeat the same option. A
 * row {@code files of TAG} with the source {@code counted} has the number of files that the tag has
 * matched so far.
 *
 * <p>What to conclude: which options were in effect, and which source (agent arguments, system
 * property, environment, file, default) won.
 *
 * <p>Not thread-safe: one thread fills and commits a new instance for each occurrence.
 */
@Name("io.dioagent.AgentConfiguration")
@Label("Agent Configuration")
@Description("One option of the agent, its value and where it was set")
@Category(FieldText.CATEGORY)
@StackTrace(false)
@Period("everyChunk")
public final class AgentConfiguration extends Event {

  @Label("Key")
  @Description("Name of the option")
  public String key;

  @Label("Value")
  @Description("Value in effect")
  public String value;

  @Label("Source")
  @Description("Where the value was set")
  public String source;

  /** Creates an event with empty fields. */
  public AgentConfiguration() {}
}
