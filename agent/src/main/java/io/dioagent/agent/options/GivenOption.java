package io.dioagent.agent.options;

/**
 * A value given to an option.
 *
 * @param key the option, such as {@code deadline} or {@code tag.db.deadline}
 * @param value what it was set to
 * @param origin where, in words: it ends error messages
 */
record GivenOption(String key, String value, String origin) {

  /** An error about this setting. */
  OptionException wrong(String why) {
    return new OptionException("wrong option " + key + "=" + value + " (" + origin + "): " + why);
  }
}
