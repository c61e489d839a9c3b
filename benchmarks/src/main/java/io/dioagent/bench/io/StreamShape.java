package io.dioagent.bench.io;

import java.util.List;

/**
 * The way to write a stream to a file. The first eighth is the warm-up.
 *
 * @param way the API
 * @param chunkBytes bytes per write
 * @param chunks number of writes
 * @param fresh whether the file is new and grows, or is overwritten
 * @param forced whether to force at the end, and at the end of the warm-up
 */
public record StreamShape(
    StreamWay way, int chunkBytes, long chunks, boolean fresh, boolean forced) {
  private static final int WARM_UP_SHARE = 8;

  /** Returns the shape of a new file, closed without force. */
  public static StreamShape fresh(int chunkBytes, long lengthBytes) {
    return new StreamShape(StreamWay.CHANNEL, chunkBytes, lengthBytes / chunkBytes, true, false);
  }

  /** Returns the shape of a new file that has this length without the warm-up. */
  public static StreamShape measuring(
      StreamWay way, int chunkBytes, long measuredBytes, boolean forced) {
    long chunks = measuredBytes / chunkBytes * WARM_UP_SHARE / (WARM_UP_SHARE - 1);
    return new StreamShape(way, chunkBytes, chunks, true, forced);
  }

  public long lengthBytes() {
    return chunkBytes * chunks;
  }

  public long warmUpChunks() {
    return chunks / WARM_UP_SHARE;
  }

  public long measuredChunks() {
    return chunks - warmUpChunks();
  }

  /** Returns arguments for {@link #parse} in another process. */
  public List<String> arguments() {
    return List.of(
        way.name(),
        Integer.toString(chunkBytes),
        Long.toString(chunks),
        Boolean.toString(fresh),
        Boolean.toString(forced));
  }

  /** Parses {@link #arguments}, which begin at an index. */
  public static StreamShape parse(String[] arguments, int from) {
    return new StreamShape(
        StreamWay.valueOf(arguments[from]),
        Integer.parseInt(arguments[from + 1]),
        Long.parseLong(arguments[from + 2]),
        Boolean.parseBoolean(arguments[from + 3]),
        Boolean.parseBoolean(arguments[from + 4]));
  }
}
