/** The agent behind its bootstrap: options, weaving, hooks and command line. */
module io.dioagent.agent {
  requires transitive java.instrument;
  requires static jdk.attach;
  requires io.dioagent.runtime;
  requires static io.dioagent.events;
  requires com.sun.jna;
  requires org.objectweb.asm;

  exports io.dioagent.agent;
}
