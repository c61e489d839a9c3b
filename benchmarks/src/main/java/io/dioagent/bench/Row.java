package io.dioagent.bench;

import java.io.IOException;
import java.util.Optional;

/**
 * One line of the table. It measures the subject, which is the agent or the runtime, and a peer.
 */
public interface Row {

  /** Returns a short name for --only and the JSON file. */
  String name();

  /** Returns a description for the table. */
  String measure();

  Unit unit();

  Target target();

  /** Returns the number of pairs that is enough if a pair takes long and samples hardly differ. */
  default int mostPairs() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns whether the subject writes with io_submit(2), and no other row does so in the same way.
   */
  default boolean submits() {
    return false;
  }

  /** Returns why this row cannot be measured here; empty if it can. */
  Optional<String> whyNot(Bench bench) throws InterruptedException;

  /** Prepares the files of both sides. */
  Session open(Bench bench) throws IOException, InterruptedException;

  /** Both sides of a row, over the same files. */
  interface Session extends AutoCloseable {
    /** Takes one sample of the subject, in a process of its own. */
    double subject() throws IOException, InterruptedException;

    /** Takes one sample of the peer, in a process of its own. */
    double peer() throws IOException, InterruptedException;

    /** Returns the cost of the last sample's writes; empty if the row does not measure it. */
    default Optional<WriteCost> cost() {
      return Optional.empty();
    }

    @Override
    default void close() throws IOException {}
  }
}
