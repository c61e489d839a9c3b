package io.dioagent.agent.options;

/**
 * A value given to an option.
 *
 * @param key the option, such as {@code deadline} or {@code tag.db.deadline}
 * @param value its value
 * @param origin where it was set, in words: error messages end with it
 */
record GivenOption(String key, String value, String origin) {

  /** Returns an error about this setting. */
  OptionException wrong(String why) {
    return new OptionException("wrong option " + key + "=" + value + " (" + origin + "): " + why);
  }
}
