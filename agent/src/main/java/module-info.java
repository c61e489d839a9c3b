/**
 * The agent behind its bootstrap: options, weaving, hooks and command line. In an application the
 * bootstrap closes it, and the modules that it requires, to all others (NestedModuleFinder).
 */
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
  requires net.bytebuddy;

  // Two interfaces, which JMX calls from a JDK module that is named only at run time.
  exports io.dioagent.agent.management;

  opens io.dioagent.agent.cli to
      info.picocli;

  // Called by the bootstrap, to which nothing is exported: applications share its module.
  provides java.util.function.BiFunction with
      io.dioagent.agent.Agent;
}
