/** The manual, held to what it says. */
package io.dioagent.samples.manual;
