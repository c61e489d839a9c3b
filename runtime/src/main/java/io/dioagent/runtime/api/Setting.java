package io.dioagent.runtime.api;

/**
 * One setting in effect, as events show it.
 *
 * @param key name of the option
 * @param value its value as text
 * @param source where the value was set, such as "agent arguments" or "default"
 */
public record Setting(String key, String value, String source) {}
