package io.dioagent.agent.options;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.WriteMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Converts between a tag's options, as they are written, and its policy. */
public final class PolicyOptions {
  /**
   * The policy of a tag without options: as that of the library, but {@link WriteMode#AUTO}. An
   * application has not asked for direct I/O.
   */
  static final FilePolicy DEFAULT = FilePolicy.DEFAULT.withWrite(WriteMode.AUTO);

  /** The key of a tag's deadline, in {@link #of}. */
  public static final String DEADLINE = OptionKey.DEADLINE.key();

  /** The key of a tag's number of files, in {@link #of}. */
  public static final String FILES = "files";

  private PolicyOptions() {}

  private enum Fallback {
    ALLOW,
    FORBID
  }

  static FilePolicy with(FilePolicy policy, OptionKey key, GivenOption option)
      throws OptionException {
    return switch (key) {
      case READ -> policy.withRead(Values.oneOf(option, ReadMode.values()));
      case WRITE -> policy.withWrite(Values.oneOf(option, WriteMode.values()));
      case DEADLINE -> policy.withDeadline(Values.duration(option));
      case ON_LOST -> policy.withOnLost(Values.oneOf(option, OnLost.values()));
      case ON_COLLISION -> policy.withOnCollision(Values.oneOf(option, OnCollision.values()));
      case FALLBACK ->
          policy.withFallbackAllowed(Values.oneOf(option, Fallback.values()) == Fallback.ALLOW);
      default -> throw new IllegalArgumentException(key + " is no option of a tag");
    };
  }

  /**
   * Changes one option of a tag that is in use.
   *
   * @param tags all tags
   * @param name of the tag
   * @param key deadline, on-lost, on-collision or fallback
   * @return the setting, for the configuration event
   * @throws OptionException if there is no such tag, or if key or value is wrong; nothing has
   *     changed then
   */
  public static Setting change(List<TagRule> tags, String name, String key, String value)
      throws OptionException {
    List<TagRule> named = tags.stream().filter(tag -> tag.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new OptionException(
          "there is no tag "
              + name
              + ", expected one of "
              + tags.stream().map(TagRule::name).distinct().toList());
    }
    GivenOption given =
        new GivenOption(OptionParser.TAG_PREFIX + name + "." + key, value, "set by JMX");
    OptionKey known = OptionKey.of(key);
    if (known == null || !known.perTag() || known == OptionKey.READ || known == OptionKey.WRITE) {
      throw given.wrong(
          "cannot be changed while the agent runs, expected deadline, fallback, on-collision or"
              + " on-lost");
    }
    for (TagRule tag : named) { // A wrong value fails for the first tag already.
      tag.change(with(tag.policy(), known, given));
    }
    return OptionParser.asSetting(given);
  }

  /** Returns all options of a tag and its number of files, by key. */
  public static Map<String, String> of(TagRule tag) {
    FilePolicy policy = tag.policy();
    Map<String, String> all = new LinkedHashMap<>();
    all.put(OptionKey.WRITE.key(), lower(policy.write()));
    all.put(OptionKey.READ.key(), lower(policy.read()));
    all.put(
        OptionKey.FALLBACK.key(),
        lower(policy.fallbackAllowed() ? Fallback.ALLOW : Fallback.FORBID));
    all.put(DEADLINE, policy.deadline().toMillis() + "ms");
    all.put(OptionKey.ON_LOST.key(), lower(policy.onLost()));
    all.put(OptionKey.ON_COLLISION.key(), lower(policy.onCollision()));
    all.put(FILES, Long.toString(tag.files()));
    return all;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
