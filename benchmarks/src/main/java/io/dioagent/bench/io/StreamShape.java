package io.dioagent.bench.io;

/**
 * The way to write a stream to a file.
 *
 * @param chunkBytes bytes per write
 * @param chunks number of writes
 * @param fresh whether the file is new and grows, or is overwritten
 * @param jdkDirect whether to use the JDK's direct I/O
 * @param forced whether to force at the end
 */
public record StreamShape(
    int chunkBytes, long chunks, boolean fresh, boolean jdkDirect, boolean forced) {

  /** Returns the shape of a new file, closed without force. */
  public static StreamShape fresh(int chunkBytes, long lengthBytes) {
    return new StreamShape(chunkBytes, lengthBytes / chunkBytes, true, false, false);
  }

  public long lengthBytes() {
    return chunkBytes * chunks;
  }
}
