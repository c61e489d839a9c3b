package io.dioagent.bench.io;

/** The API by which a stream is written to a file. */
public enum StreamWay {
  /** A plain FileChannel. */
  CHANNEL,

  /** A FileChannel with the JDK's direct I/O. */
  JDK_DIRECT,

  /** A FileChannel open with APPEND. */
  APPEND,

  /** A FileOutputStream. */
  STREAM,

  /** A FileOutputStream behind a BufferedOutputStream. */
  BUFFERED_STREAM,

  /** A RandomAccessFile. */
  RANDOM_ACCESS
}
