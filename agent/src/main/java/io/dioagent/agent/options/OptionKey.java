package io.dioagent.agent.options;

/** The options, with the names that operators use. */
enum OptionKey {
  CONFIG("config", null),
  TAG("tag", null),
  EXCLUDE("exclude", null),
  MODE("mode", "direct"),
  WRITE("write", "auto"),
  READ("read", "buffered"),
  FALLBACK("fallback", "allow"),
  DEADLINE("deadline", "30s"),
  ON_LOST("on-lost", "fail"),
  ON_COLLISION("on-collision", "report"),
  QUEUE_DEPTH("queue-depth", "32"),
  MAX_IO("max-io", "1m"),
  BUFFER_MEMORY("buffer-memory", "64m"),
  ENGINE("engine", "auto"),
  FAULT("fault", null),
  LOG("log", "warn");

  private final String key;
  private final String defaultValue;

  OptionKey(String key, String defaultValue) {
    this.key = key;
    this.defaultValue = defaultValue;
  }

  /**
   * Returns the default as it would be written; null if there is none. The parser reads it, except
   * for the options of a tag: a test compares these with {@link PolicyOptions#DEFAULT}.
   */
  String defaultValue() {
    return defaultValue;
  }

  String key() {
    return key;
  }

  /** Whether the option may be given several times, each adding to it. */
  boolean repeatable() {
    return this == TAG || this == EXCLUDE || this == FAULT;
  }

  /** Whether the option can be set per tag, as {@code tag.NAME.KEY}. */
  boolean perTag() {
    return this == WRITE
        || this == READ
        || this == FALLBACK
        || this == DEADLINE
        || this == ON_LOST
        || this == ON_COLLISION;
  }

  /** Returns the name in the environment: {@code on-lost} is {@code DIO_ON_LOST}. */
  String environmentName() {
    return "DIO_" + name();
  }

  /** Returns the option of a name; null if there is none. */
  static OptionKey of(String key) {
    for (OptionKey candidate : values()) {
      if (candidate.key.equals(key)) {
        return candidate;
      }
    }
    return null;
  }

  /** Returns all keys, for messages. */
  static String all() {
    StringBuilder all = new StringBuilder();
    for (OptionKey key : values()) {
      all.append(all.length() == 0 ? "" : ", ").append(key.key);
    }
    return all.toString();
  }
}
