package io.dioagent.agent.options;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.fault.FaultRule;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Selects files, and defines how the agent treats them. Thread-safe: the policy may change while
 * files are open, and applies to requests that begin afterwards.
 */
public final class TagRule implements Supplier<FilePolicy> {
  private final String name;
  private final Glob glob;
  private final AtomicLong files = new AtomicLong();
  private volatile FilePolicy policy;

  /**
   * Creates a tag.
   *
   * @param name the tag's name in the configuration, or its glob
   * @param glob which files, by real path
   * @param policy how their writes are treated
   */
  public TagRule(String name, Glob glob, FilePolicy policy) {
    this.name = name;
    this.glob = glob;
    this.policy = policy;
  }

  /** Returns the tag's name in the configuration, or its glob. */
  public String name() {
    return name;
  }

  /** Returns the glob, which matches real paths. */
  public Glob glob() {
    return glob;
  }

  /** Returns the current policy for their writes. */
  public FilePolicy policy() {
    return policy;
  }

  /** As {@link #policy}, for callers that read it again and again. */
  @Override
  public FilePolicy get() {
    return policy;
  }

  /** Counts a file that was opened under it. */
  public void countFile() {
    files.getAndIncrement();
  }

  /** Returns how many files were opened under it so far; each opening counts. */
  public long files() {
    return files.get();
  }

  /**
   * Changes the policy, also for open files.
   *
   * @param newPolicy differs from the old one only in deadline, onLost, onCollision and
   *     fallbackAllowed
   * @throws IllegalArgumentException if it differs otherwise
   */
  public void change(FilePolicy newPolicy) {
    if (newPolicy.write() != policy.write() || newPolicy.read() != policy.read()) {
      throw new IllegalArgumentException(
          "write and read are "
              + newPolicy.write()
              + " and "
              + newPolicy.read()
              + ", expected "
              + policy.write()
              + " and "
              + policy.read()
              + ": they stay as they are while files are open");
    }
    policy = newPolicy;
  }

  @Override
  public String toString() {
    return name + " " + glob + " " + policy;
  }

  /** Returns the rule that applies to a real path: the first that matches; null if none does. */
  public static TagRule of(String path, List<TagRule> rules) {
    for (TagRule rule : rules) {
      if (rule.glob().matches(path)) {
        return rule;
      }
    }
    return null;
  }

  /** Returns the files of a tag, by its name, for faults that apply to one tag. */
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
