package io.dioagent.bench.io;

import java.util.List;

/**
 * How a file is written.
 *
 * @param ioBytes bytes per write
 * @param depth writes in flight
 * @param random at random positions, else one after another
 */
public record WriteShape(int ioBytes, int depth, boolean random) {

  /** For {@link #parse}, in a process of its own. */
  public List<String> arguments() {
    return List.of(Integer.toString(ioBytes), Integer.toString(depth), Boolean.toString(random));
  }

  /** What {@link #arguments} gave, which begins at an index. */
  public static WriteShape parse(String[] arguments, int from) {
    return new WriteShape(
        Integer.parseInt(arguments[from]),
        Integer.parseInt(arguments[from + 1]),
        Boolean.parseBoolean(arguments[from + 2]));
  }
}
