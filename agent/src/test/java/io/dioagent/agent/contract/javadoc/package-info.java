/**
 * What the JDK's Javadoc promises of files, sentence by sentence. {@link
 * io.dioagent.agent.contract.javadoc.JavadocApp} runs each case on a plain file and on a tagged
 * one, and tells what was different. A case also says what its sentence promises, so that it cannot
 * hold by failing on both.
 */
package io.dioagent.agent.contract.javadoc;
