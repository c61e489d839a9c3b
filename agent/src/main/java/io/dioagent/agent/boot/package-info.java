/**
 * The agent's only classes that applications could see: they open a module layer of its own for
 * everything else, and hand over.
 *
 * <p>Nothing here refers to a class outside this package and java.base, java.instrument apart, nor
 * starts java.util.logging, JMX or java.nio.file: all of it runs before an application's main,
 * which may still want to configure those.
 */
package io.dioagent.agent.boot;
