package io.dioagent.agent.options;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Makes options of settings. For each key only the strongest source that has it counts, so tags in
 * the agent's options replace those of the file. Used by one thread, once.
 */
public final class OptionParser {
  static final String DEFAULT_SOURCE = "default";

  static final String TAG_PREFIX = "tag.";
  private static final int SMALLEST_IO_BYTES = 4096;

  /** Limits max-io; a larger value is refused. Not above the default of buffer-memory. */
  private static final int LARGEST_IO_BYTES = 64 << 20;

  /** By key, the settings of the strongest source that has it. */
  private final Map<String, List<GivenOption>> given = new LinkedHashMap<>();

  /** The tags of the strongest source that has any; keys {@code tag} and {@code tag.NAME}. */
  private final List<GivenOption> tags = new ArrayList<>();

  /** Names of tags in any source, also in one that does not count. */
  private final Set<String> tagNames = new HashSet<>();

  private OptionParser() {}

  /**
   * Reads options from all their sources.
   *
   * @param agentOptions the text after {@code -javaagent:JAR=}; null for none
   * @throws OptionException with one line about the first error
   */
  public static AgentOptions parse(
      String agentOptions, Properties systemProperties, Map<String, String> environment)
      throws OptionException {
    OptionParser parser = new OptionParser();
    parser.add(OptionSources.agentOptions(agentOptions));
    parser.add(OptionSources.systemProperties(systemProperties));
    parser.add(OptionSources.environment(environment));
    GivenOption config = parser.option(OptionKey.CONFIG);
    if (config != null) {
      List<GivenOption> fromFile = OptionSources.file(config);
      for (GivenOption option : fromFile) {
        if (option.key().equals(OptionKey.CONFIG.key())) {
          throw option.wrong("a file cannot name another one, expected no config here");
        }
      }
      parser.add(fromFile);
    }
    return parser.options();
  }

  /** Adds a source that is weaker than those added before. */
  private void add(List<GivenOption> source) throws OptionException {
    Map<String, List<GivenOption>> byKey = new LinkedHashMap<>();
    List<GivenOption> sourceTags = new ArrayList<>();
    for (GivenOption option : source) {
      check(option);
      boolean repeatable =
          OptionKey.of(option.key()) != null && OptionKey.of(option.key()).repeatable();
      List<GivenOption> same = byKey.get(option.key());
      if (same == null) {
        same = new ArrayList<>();
        byKey.put(option.key(), same);
      }
      if (!same.isEmpty() && !repeatable) {
        throw option.wrong("given twice, expected once; it is also " + same.get(0).value());
      }
      same.add(option);
      if (isTag(option)) {
        sourceTags.add(option);
        tagNames.add(tagName(option));
      }
    }
    if (tags.isEmpty()) {
      tags.addAll(sourceTags);
    }
    for (Map.Entry<String, List<GivenOption>> entry : byKey.entrySet()) {
      given.putIfAbsent(entry.getKey(), entry.getValue());
    }
  }

  /** Throws if the key is unknown. */
  private static void check(GivenOption option) throws OptionException {
    String key = option.key();
    if (key.startsWith(TAG_PREFIX)) {
      int nameEnd = key.indexOf('.', TAG_PREFIX.length());
      String name = key.substring(TAG_PREFIX.length(), nameEnd < 0 ? key.length() : nameEnd);
      OptionKey perTag = nameEnd < 0 ? null : OptionKey.of(key.substring(nameEnd + 1));
      if (name.isEmpty() || (nameEnd >= 0 && (perTag == null || !perTag.perTag()))) {
        throw option.wrong(
            "unknown option, expected tag.NAME or tag.NAME.KEY with one of"
                + " deadline, fallback, on-collision, on-lost, read, write");
      }
    } else if (OptionKey.of(key) == null) {
      throw option.wrong("unknown option, expected one of " + OptionKey.all());
    }
  }

  private static boolean isTag(GivenOption option) {
    String key = option.key();
    return key.equals(OptionKey.TAG.key())
        || (key.startsWith(TAG_PREFIX) && key.indexOf('.', TAG_PREFIX.length()) < 0);
  }

  /** Returns the name in {@code tag.NAME}, or the glob of an unnamed tag. */
  private static String tagName(GivenOption tag) {
    return tag.key().startsWith(TAG_PREFIX)
        ? tag.key().substring(TAG_PREFIX.length())
        : tag.value();
  }

  private AgentOptions options() throws OptionException {
    GivenOption write = option(OptionKey.WRITE);
    FilePolicy byDefault = PolicyOptions.with(PolicyOptions.DEFAULT, OptionKey.WRITE, write);
    FilePolicy policy = policy(byDefault, "");
    List<TagRule> rules = rules(policy);
    List<Glob> excludes = new ArrayList<>();
    for (GivenOption exclude : all(OptionKey.EXCLUDE)) {
      excludes.add(Values.glob(exclude));
    }
    List<FaultRule> faults = new ArrayList<>();
    for (GivenOption fault : all(OptionKey.FAULT)) {
      faults.add(Values.fault(fault, TagRule.tagsOf(rules)));
    }
    return new AgentOptions(
        Values.oneOf(option(OptionKey.MODE), Mode.values()),
        List.copyOf(rules),
        List.copyOf(excludes),
        runtimeOptions(),
        Values.oneOf(option(OptionKey.ENGINE), EngineKind.values()),
        List.copyOf(faults),
        Values.oneOf(option(OptionKey.LOG), AgentLog.Level.values()),
        effective());
  }

  private List<TagRule> rules(FilePolicy policy) throws OptionException {
    for (GivenOption option : perTagOptions()) {
      String name = perTagName(option);
      if (!tagNames.contains(name)) {
        throw option.wrong("there is no tag." + name + ", expected one");
      }
    }
    List<TagRule> rules = new ArrayList<>();
    for (GivenOption tag : tags) {
      String name = tagName(tag);
      boolean named = tag.key().startsWith(TAG_PREFIX);
      rules.add(
          new TagRule(name, Values.glob(tag), named ? policy(policy, tag.key() + ".") : policy));
    }
    if (rules.isEmpty()) {
      throw new OptionException(
          "wrong options: there is no tag, expected at least one, such as tag=/data/**");
    }
    return rules;
  }

  private List<GivenOption> perTagOptions() {
    List<GivenOption> perTag = new ArrayList<>();
    for (List<GivenOption> same : given.values()) {
      GivenOption option = same.get(0);
      if (option.key().startsWith(TAG_PREFIX) && !isTag(option)) {
        perTag.add(option);
      }
    }
    return perTag;
  }

  private static String perTagName(GivenOption option) {
    String key = option.key();
    return key.substring(TAG_PREFIX.length(), key.indexOf('.', TAG_PREFIX.length()));
  }

  /** Returns a policy, changed by the settings under a prefix: empty, or {@code tag.NAME.}. */
  private FilePolicy policy(FilePolicy base, String prefix) throws OptionException {
    FilePolicy policy = base;
    for (OptionKey key : OptionKey.values()) {
      GivenOption option = key.perTag() ? first(prefix + key.key()) : null;
      if (option != null) {
        policy = PolicyOptions.with(policy, key, option);
      }
    }
    return policy;
  }

  private RuntimeOptions runtimeOptions() throws OptionException {
    int maxIoBytes = maxIoBytes(option(OptionKey.MAX_IO));
    return new RuntimeOptions(
        Values.integer(option(OptionKey.QUEUE_DEPTH), 1, RuntimeOptions.MAX_QUEUE_DEPTH),
        maxIoBytes,
        Values.bytes(
            option(OptionKey.BUFFER_MEMORY),
            maxIoBytes,
            Long.MAX_VALUE,
            "expected a size such as 64m, at least max-io, which is " + maxIoBytes));
  }

  private static int maxIoBytes(GivenOption maxIo) throws OptionException {
    String expected = "expected a power of two from 4k to 64m, such as 256k or 1m";
    long bytes = Values.bytes(maxIo, SMALLEST_IO_BYTES, LARGEST_IO_BYTES, expected);
    if (Long.bitCount(bytes) != 1) {
      throw maxIo.wrong(expected);
    }
    return (int) bytes;
  }

  /** Returns the setting in effect: the given one, or the default; null if there is neither. */
  private GivenOption option(OptionKey key) {
    GivenOption option = first(key.key());
    return option != null || key.defaultValue() == null
        ? option
        : new GivenOption(key.key(), defaultValue(key), DEFAULT_SOURCE);
  }

  /** Injected faults strike only what the runtime submits itself: with them, writes are sync. */
  private String defaultValue(OptionKey key) {
    boolean sync = key == OptionKey.WRITE && given.containsKey(OptionKey.FAULT.key());
    return sync ? "sync" : key.defaultValue();
  }

  private GivenOption first(String key) {
    List<GivenOption> same = given.get(key);
    return same == null ? null : same.get(0);
  }

  private List<GivenOption> all(OptionKey key) {
    List<GivenOption> same = given.get(key.key());
    return same == null ? List.of() : same;
  }

  /** Returns all settings in effect, and the defaults of those that were not given. */
  private List<Setting> effective() {
    List<Setting> effective = new ArrayList<>();
    for (GivenOption tag : tags) {
      effective.add(asSetting(tag));
    }
    for (List<GivenOption> same : given.values()) {
      for (GivenOption option : same) {
        if (!isTag(option)) {
          effective.add(asSetting(option));
        }
      }
    }
    for (OptionKey key : OptionKey.values()) {
      if (key.defaultValue() != null && !given.containsKey(key.key())) {
        effective.add(new Setting(key.key(), defaultValue(key), DEFAULT_SOURCE));
      }
    }
    return List.copyOf(effective);
  }

  static Setting asSetting(GivenOption option) {
    return new Setting(option.key(), option.value(), option.origin());
  }
}
