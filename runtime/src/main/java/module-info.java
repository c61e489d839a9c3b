/** The direct-I/O runtime: usable as a library, without the agent. */
module io.dioagent.runtime {
  requires com.sun.jna;
  requires static io.dioagent.events;

  exports io.dioagent.runtime;
  exports io.dioagent.runtime.aio;
  exports io.dioagent.runtime.fault;
}
