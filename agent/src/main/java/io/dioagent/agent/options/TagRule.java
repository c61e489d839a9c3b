package io.dioagent.agent.options;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.fault.FaultRule;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Files that come under the agent, and how. Thread-safe: the policy may change while files are
 * open, and counts for what begins afterwards.
 */
public final class TagRule implements Supplier<FilePolicy> {
  private final String name;
  private final Glob glob;
  private final AtomicLong files = new AtomicLong();
  private volatile FilePolicy policy;

  /**
   * A tag.
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

  /** The tag's name in the configuration, or its glob. */
  public String name() {
    return name;
  }

  /** Which files, by real path. */
  public Glob glob() {
    return glob;
  }

  /** How their writes are treated now. */
  public FilePolicy policy() {
    return policy;
  }

  /** The same, for who asks again and again. */
  @Override
  public FilePolicy get() {
    return policy;
  }

  /** A file has come under it. */
  public void countFile() {
    files.getAndIncrement();
  }

  /** How many files have come under it so far, each time that they were opened. */
  public long files() {
    return files.get();
  }

  /**
   * Changes it, for the files that are open, too.
   *
   * @param newPolicy other than the old one in deadline, onLost, onCollision and fallbackAllowed
   *     only
   * @throws IllegalArgumentException if not
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
