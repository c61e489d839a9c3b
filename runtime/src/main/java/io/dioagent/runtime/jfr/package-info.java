/**
 * The event sink that records JFR events, and a way to find out whether there is JFR. Uses {@code
 * api} and the module {@code io.dioagent.events}. Exported.
 */
package io.dioagent.runtime.jfr;
