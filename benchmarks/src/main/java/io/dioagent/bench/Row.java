package io.dioagent.bench;

import java.io.IOException;
import java.util.Optional;

/** One line of the table: something of ours beside its peer. */
public interface Row {

  /** Short, for --only and the JSON file. */
  String name();

  /** What is measured, for the table. */
  String measure();

  Unit unit();

  Target target();

  /** How many pairs are enough, where one takes long and all come out alike. */
  default int mostPairs() {
    return Integer.MAX_VALUE;
  }

  /** Whether ours writes by io_submit(2), and no other row does so in the same way. */
  default boolean submits() {
    return false;
  }

  /** Why this row cannot be measured here, if so. */
  Optional<String> whyNot(Bench bench) throws InterruptedException;

  /** Prepares what both sides share. */
  Session open(Bench bench) throws IOException, InterruptedException;

  /** Both sides of a row, over the same files. */
  interface Session extends AutoCloseable {
    /** One sample of ours, in a process of its own. */
    double ours() throws IOException, InterruptedException;

    /** One sample of the peer, in a process of its own. */
    double peer() throws IOException, InterruptedException;

    @Override
    default void close() throws IOException {}
  }
}
