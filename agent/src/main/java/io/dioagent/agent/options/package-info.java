/**
 * The operator's options: reads them from their sources, checks them, and makes the tags. Nothing
 * here does I/O, except for {@link io.dioagent.agent.options.OptionSources} where it reads the
 * configuration file.
 */
package io.dioagent.agent.options;
