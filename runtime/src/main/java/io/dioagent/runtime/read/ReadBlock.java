package io.dioagent.runtime.read;

import io.dioagent.runtime.linux.FileStamp;

/**
 * A block of a file that is read for more calls than one, or ahead of them.
 *
 * <p>The file's stamp and write generation from before the read are kept beside it, as a block must
 * not be older than the last write that ended. It may be used while this JVM has not written to the
 * file since, and the file's times and size are the same.
 *
 * @param read its native read
 * @param offset first byte
 * @param endOffset behind the last byte, unless the file ends before
 * @param stamp the file's times and size before the read began
 * @param writeGeneration of the file, before the read began
 * @param startNanoTime before the read began
 */
record ReadBlock(
    NativeRead read,
    long offset,
    long endOffset,
    FileStamp stamp,
    long writeGeneration,
    long startNanoTime) {

  boolean holds(long at) {
    return at >= offset && at < endOffset;
  }

  /** Whether it was begun after a call was, which may then use it whatever has changed. */
  boolean isYoungerThan(ReadCall call) {
    return startNanoTime - call.startNanoTime() >= 0;
  }
}
