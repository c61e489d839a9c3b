package io.dioagent.bench.io;

/**
 * How a file is streamed out.
 *
 * @param chunkBytes bytes per write
 * @param chunks writes
 * @param fresh the file is new and grows, else it is there and written over
 * @param jdkDirect by the JDK's own direct I/O
 * @param forced at the end
 */
public record StreamShape(
    int chunkBytes, long chunks, boolean fresh, boolean jdkDirect, boolean forced) {

  /** A new file, closed and not forced. */
  public static StreamShape fresh(int chunkBytes, long lengthBytes) {
    return new StreamShape(chunkBytes, lengthBytes / chunkBytes, true, false, false);
  }

  public long lengthBytes() {
    return chunkBytes * chunks;
  }
}
