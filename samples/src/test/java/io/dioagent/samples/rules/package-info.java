/** JMC's rules, held to recordings of healthy and broken runs of the samples. */
package io.dioagent.samples.rules;
