/**
 * The promises of the JDK's Javadoc about files, sentence by sentence. {@link
 * io.dioagent.agent.contract.javadoc.JavadocApp} runs each case on a plain file and on a tagged
 * one, and prints the differences. A case also checks its sentence's promise, so that it cannot
 * pass by failing on both.
 */
package io.dioagent.agent.contract.javadoc;
