package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import java.util.ArrayList;
import java.util.List;

/** Decides which files are tagged, by their real paths. Immutable. */
final class Classifier {
  /** JFR's own recordings, which it writes through file channels. */
  private static final String JFR_FILES = "/**/*.jfr";

  /** Regular files there are made up by the kernel, one write at a time. */
  private static final String KERNEL_FILES = "/{proc,sys}/**";

  /** Appended by the kernel to the path of a file without a name (proc(5)). */
  private static final String DELETED = " (deleted)";

  /** Tags no file. */
  static final Classifier NOTHING = new Classifier(List.of(), List.of());

  private final List<TagRule> rules;
  private final List<Glob> excludes;

  Classifier(List<TagRule> rules, List<Glob> excludes) {
    this.rules = List.copyOf(rules);
    List<Glob> all = new ArrayList<>(excludes);
    all.add(Glob.of(JFR_FILES));
    all.add(Glob.of(KERNEL_FILES));
    this.excludes = List.copyOf(all);
  }

  boolean hasRules() {
    return !rules.isEmpty();
  }

  /** The path of an open descriptor, as this class takes it; null if it has none. */
  static String pathOf(int number) {
    String path = DirectRuntime.pathOf(number);
    if (path == null || !path.startsWith("/")) {
      return null; // Pipes, sockets and the like.
    }
    return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
  }

  /** The tag that a path comes under; null if none, or if it is excluded. */
  TagRule ruleFor(String path) {
    TagRule rule = TagRule.of(path, rules);
    return rule == null || excluded(path) ? null : rule;
  }

  private boolean excluded(String path) {
    for (Glob exclude : excludes) {
      if (exclude.matches(path)) {
        AgentLog.info("left alone: " + path + ": excluded by " + exclude);
        return true;
      }
    }
    return false;
  }
}
