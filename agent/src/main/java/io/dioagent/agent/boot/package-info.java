/**
 * The agent's only classes that applications can see. They open a separate module layer for
 * everything else, and pass control to it.
 *
 * <p>Nothing here refers to a class outside this package, java.base and java.instrument. Nothing
 * here starts java.util.logging, JMX or java.nio.file: this code runs before an application's main,
 * which may still configure them.
 */
package io.dioagent.agent.boot;
