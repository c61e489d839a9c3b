/** The JFR events of dio-agent. */
module io.dioagent.events {
  requires transitive jdk.jfr;

  exports io.dioagent.events;
}
