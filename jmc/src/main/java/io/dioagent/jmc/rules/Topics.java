package io.dioagent.jmc.rules;

/**
 * Topics of the rules. A page in JMC shows the rules of its topics, which {@code pages.xml} lists.
 */
final class Topics {
  static final String OVERVIEW = "io.dioagent.directio.overview";
  static final String FILES = "io.dioagent.directio.files";
  static final String LATENCY = "io.dioagent.directio.latency";
  static final String COMPLETIONS = "io.dioagent.directio.completions";
  static final String FAULTS = "io.dioagent.directio.faults";

  private Topics() {}
}
