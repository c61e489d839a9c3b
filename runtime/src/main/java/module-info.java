/** The direct-I/O runtime: usable as a library, without the agent. */
module io.dioagent.runtime {
  requires com.sun.jna;
  requires static io.dioagent.events;

  exports io.dioagent.runtime;
  exports io.dioagent.runtime.api;
  exports io.dioagent.runtime.engine;
  exports io.dioagent.runtime.fault;
  exports io.dioagent.runtime.jfr;
}
