package io.dioagent.agent.live;

import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.Setting;
import java.util.List;

/**
 * The agent as it runs in this JVM.
 *
 * @param version of its jar
 * @param settings all options in effect, and the engine in use
 * @param tags as they are now
 */
public record LiveAgent(
    String version, Mode mode, DirectRuntime runtime, List<Setting> settings, List<TagRule> tags) {}
