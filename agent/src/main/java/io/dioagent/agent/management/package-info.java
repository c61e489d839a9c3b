/**
 * The interfaces of the MBean and of its rows, which JMX's reflection calls from outside. The
 * package is exported to applications as well: nothing else belongs here.
 */
package io.dioagent.agent.management;
