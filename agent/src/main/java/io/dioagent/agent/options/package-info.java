/**
 * What the operator asked for: reading options from their sources, checking them, and the tags they
 * make. Pure: nothing here does I/O, but for {@link io.dioagent.agent.options.OptionSources} where
 * it reads the configuration file.
 */
package io.dioagent.agent.options;
