/** The agent behind its bootstrap: options, weaving, hooks and command line. */
module io.dioagent.agent {
  requires transitive java.instrument;
  requires static java.management;
  requires static jdk.attach;
  requires io.dioagent.runtime;
  requires static io.dioagent.events;
  requires static io.dioagent.jmc;
  requires com.google.gson;
  requires com.sun.jna;
  requires static info.picocli;
  requires org.objectweb.asm;

  exports io.dioagent.agent;
  exports io.dioagent.agent.cli;

  // The MBean's interface is called from a module of the JDK's that has no name before.
  opens io.dioagent.agent.live;
  opens io.dioagent.agent.cli to
      info.picocli;
}
