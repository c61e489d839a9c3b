package io.dioagent.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * One option of the agent. A table of all of them is told when it is set, and at the beginning and
 * the end of each chunk, so that whatever part of a recording survives has it. Equal rows are the
 * same option told again. Beside the options: {@code files of TAG}, how many files a tag has had so
 * far, whose source is {@code counted}.
 *
 * <p>What to conclude: what the agent really ran with, and which of its sources (agent arguments,
 * system property, environment, file, default) won.
 *
 * <p>Not thread-safe: one new instance for each occurrence, filled and committed by one thread.
 */
@Name("io.dioagent.AgentConfiguration")
@Label("Agent Configuration")
@Description("One option of the agent, its value and where it was set")
@Category("Direct I/O")
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

  /** An empty one, to be filled. */
  public AgentConfiguration() {}
}
