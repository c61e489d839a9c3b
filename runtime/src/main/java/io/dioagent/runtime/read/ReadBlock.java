package io.dioagent.runtime.read;

import io.dioagent.runtime.linux.FileStamp;

/**
 * A block of a file that is read for more calls than one, or ahead of them.
 *
 * <p>What it was before the block was read is kept beside it, for a block must not be older than
 * the last write that ended: it may be used while neither this JVM has written to the file since,
 * nor the file's own times and size have changed.
 *
 * @param read its native read
 * @param offset first byte
 * @param endOffset behind the last byte, unless the file ends before
 * @param stamp what the file told of itself before the read began
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
