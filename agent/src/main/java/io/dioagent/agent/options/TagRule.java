package io.dioagent.agent.options;

import io.dioagent.runtime.FilePolicy;

/**
 * Files that come under the agent, and how.
 *
 * @param name the tag's name in the configuration, or its glob
 * @param glob which files, by real path
 * @param policy how their writes are treated
 */
public record TagRule(String name, Glob glob, FilePolicy policy) {}
