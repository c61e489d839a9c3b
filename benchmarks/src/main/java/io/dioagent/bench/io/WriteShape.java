package io.dioagent.bench.io;

import java.util.List;

/**
 * The way to write a file.
 *
 * @param ioBytes bytes per write
 * @param depth number of writes in flight
 * @param random whether positions are random or sequential
 */
public record WriteShape(int ioBytes, int depth, boolean random) {

  /** Returns arguments for {@link #parse} in another process. */
  public List<String> arguments() {
    return List.of(Integer.toString(ioBytes), Integer.toString(depth), Boolean.toString(random));
  }

  /** Parses {@link #arguments}, which begin at an index. */
  public static WriteShape parse(String[] arguments, int from) {
    return new WriteShape(
        Integer.parseInt(arguments[from]),
        Integer.parseInt(arguments[from + 1]),
        Boolean.parseBoolean(arguments[from + 2]));
  }
}
