package io.dioagent.agent.options;

import io.dioagent.runtime.FilePolicy;
import io.dioagent.runtime.fault.FaultRule;
import java.util.List;

/**
 * Files that come under the agent, and how.
 *
 * @param name the tag's name in the configuration, or its glob
 * @param glob which files, by real path
 * @param policy how their writes are treated
 */
public record TagRule(String name, Glob glob, FilePolicy policy) {
  /** The rule that applies to a file, by its real path: the first that matches; null if none. */
  public static TagRule of(String path, List<TagRule> rules) {
    for (TagRule rule : rules) {
      if (rule.glob().matches(path)) {
        return rule;
      }
    }
    return null;
  }

  /** By name, for faults that strike the files of one tag. */
  static FaultRule.Tags tagsOf(List<TagRule> rules) {
    return name -> {
      if (rules.stream().noneMatch(rule -> rule.name().equals(name))) {
        return null;
      }
      return path -> {
        TagRule rule = of(path, rules);
        return rule != null && rule.name().equals(name);
      };
    };
  }
}
