/**
 * The MBean's interface, and that of its rows, which JMX's reflection calls from outside. It is
 * exported to applications as well: nothing else belongs here.
 */
package io.dioagent.agent.management;
