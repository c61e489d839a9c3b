package io.dioagent.bench.neighbours;

import java.util.Optional;

/** The neighbours that share memory with the reader. */
enum Variant {
  ALONE("alone", Neighbour.NONE, Optional.empty()),
  STREAM_BUFFERED("stream, buffered", Neighbour.STREAM, Optional.empty()),
  STREAM_SYNC("stream, agent sync", Neighbour.STREAM, Optional.of(",write=sync")),
  STREAM_PIPELINED("stream, agent pipelined", Neighbour.STREAM, Optional.of(",write=pipelined")),
  MERGE_BUFFERED("merge, buffered", Neighbour.MERGE, Optional.empty()),
  MERGE_SYNC("merge, agent sync", Neighbour.MERGE, Optional.of(",write=sync")),
  MERGE_PIPELINED("merge, agent pipelined", Neighbour.MERGE, Optional.of(",write=pipelined")),
  /** A merge reads as much as it writes; its writes are pipelined here, too. */
  MERGE_BOTH(
      "merge, agent read=direct", Neighbour.MERGE, Optional.of(",write=pipelined,read=direct"));

  /** The kind of neighbour. */
  enum Neighbour {
    NONE,
    STREAM,
    MERGE
  }

  private final String label;
  private final Neighbour neighbour;
  private final Optional<String> agentOptions;

  Variant(String label, Neighbour neighbour, Optional<String> agentOptions) {
    this.label = label;
    this.neighbour = neighbour;
    this.agentOptions = agentOptions;
  }

  /** Returns the name for --only, such as stream-agent-sync. */
  @Override
  public String toString() {
    return label.replace(", ", "-").replace(' ', '-');
  }

  /** Returns the label in tables and pictures. */
  String label() {
    return label;
  }

  Neighbour neighbour() {
    return neighbour;
  }

  /** Returns the options after the tag, with a leading comma; empty without the agent. */
  Optional<String> agentOptions() {
    return agentOptions;
  }
}
