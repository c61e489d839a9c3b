/** Tests of the packaged agent in JVMs of their own. */
package io.dioagent.agent.it;
