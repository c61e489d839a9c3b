/** Tests the JMC rules on recordings of healthy and broken runs of the samples. */
package io.dioagent.samples.rules;
