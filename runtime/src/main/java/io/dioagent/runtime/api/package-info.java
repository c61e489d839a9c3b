/**
 * The types that callers and all other packages share: policies, options, events, sources and
 * sinks, errno texts. Uses no other package. Exported.
 */
package io.dioagent.runtime.api;
