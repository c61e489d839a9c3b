/**
 * The interfaces of the MBeans and of their rows, which JMX's reflection calls from outside, and
 * the annotation of their attributes. The package is exported to applications as well: nothing else
 * belongs here.
 */
package io.dioagent.agent.management;
